package espd.spd;

/// The integrity algorithms of ESP and of IKE's encrypted payload (RFC 8221 §6, RFC 7296 §3.3.2,
/// transform type 3). Sizes are in octets.
public enum Integrity {
  /// None beside the cipher's own: the cipher is an AEAD (RFC 7296 §3.3.3).
  NONE(0, "null", "", 0, 0),
  /// HMAC-MD5-96 (RFC 2403); for peers that have nothing better, only when named.
  HMAC_MD5_96(1, "hmac-md5", "HmacMD5", 16, 12),
  /// HMAC-SHA1-96 (RFC 2404).
  HMAC_SHA1_96(2, "hmac-sha1", "HmacSHA1", 20, 12),
  /// HMAC-SHA2-256-128 (RFC 4868).
  HMAC_SHA2_256_128(12, "hmac-sha256", "HmacSHA256", 32, 16),
  /// HMAC-SHA2-384-192 (RFC 4868).
  HMAC_SHA2_384_192(13, "hmac-sha384", "HmacSHA384", 48, 24),
  /// HMAC-SHA2-512-256 (RFC 4868).
  HMAC_SHA2_512_256(14, "hmac-sha512", "HmacSHA512", 64, 32);

  private final int transformId;
  private final String setkeyName;
  private final String jcaName;
  private final int keyOctets;
  private final int icvOctets;

  Integrity(int transformId, String setkeyName, String jcaName, int keyOctets, int icvOctets) {
    this.transformId = transformId;
    this.setkeyName = setkeyName;
    this.jcaName = jcaName;
    this.keyOctets = keyOctets;
    this.icvOctets = icvOctets;
  }

  /// {@return the number of IANA's IKEv2 registry, transform type 3}
  public int transformId() {
    return transformId;
  }

  /// {@return the name in setkey's language and output}
  public String setkeyName() {
    return setkeyName;
  }

  /// {@return the name of the HMAC in the JDK's cryptography}
  public String jcaName() {
    return jcaName;
  }

  /// {@return the octets of key}
  public int keyOctets() {
    return keyOctets;
  }

  /// {@return the octets of ICV on the wire}
  public int icvOctets() {
    return icvOctets;
  }
}
