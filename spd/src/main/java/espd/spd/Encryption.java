package espd.spd;

/// The ciphers of ESP and of IKE's encrypted payload (RFC 8221 §5, RFC 7296 §3.3.2, transform type
/// 1).
///
/// Sizes are in octets. An AEAD (`icvOctets` > 0) authenticates by itself and draws `saltOctets`
/// behind its key (RFC 4106 §8.1, RFC 7634 §2).
public enum Encryption {
  /// Triple DES in CBC mode (RFC 2451); for peers that have nothing better, only when named.
  TRIPLE_DES_CBC(3, "3des-cbc", 8, 8, 0, 0),
  /// No encryption (RFC 2410), in ESP only.
  NULL(11, "null", 0, 4, 0, 0),
  /// AES in CBC mode (RFC 3602).
  AES_CBC(12, "aes-cbc", 16, 16, 0, 0),
  /// AES in GCM mode with an ICV of 16 octets (RFC 4106).
  AES_GCM_16(20, "aes-gcm-16", 8, 4, 4, 16),
  /// ChaCha20 with Poly1305 (RFC 7634).
  CHACHA20_POLY1305(28, "chacha20-poly1305", 8, 4, 4, 16);

  private final int transformId;
  private final String setkeyName;
  private final int ivOctets;
  private final int blockOctets;
  private final int saltOctets;
  private final int icvOctets;

  Encryption(
      int transformId,
      String setkeyName,
      int ivOctets,
      int blockOctets,
      int saltOctets,
      int icvOctets) {
    this.transformId = transformId;
    this.setkeyName = setkeyName;
    this.ivOctets = ivOctets;
    this.blockOctets = blockOctets;
    this.saltOctets = saltOctets;
    this.icvOctets = icvOctets;
  }

  /// {@return the name as strongSwan prints it}
  @Override
  public String toString() {
    return this == TRIPLE_DES_CBC ? "3DES_CBC" : name();
  }

  /// {@return the number of IANA's IKEv2 registry, transform type 1}
  public int transformId() {
    return transformId;
  }

  /// {@return the name in setkey's language and output}
  public String setkeyName() {
    return setkeyName;
  }

  /// {@return the octets of IV that each packet carries}
  public int ivOctets() {
    return ivOctets;
  }

  /// {@return what the encrypted part is a multiple of, the alignment of RFC 4303 §2.4 included: at
  /// least 4}
  public int blockOctets() {
    return blockOctets;
  }

  /// {@return the octets of salt behind the key, 0 when there is none}
  public int saltOctets() {
    return saltOctets;
  }

  /// {@return the octets of ICV that the cipher makes by itself, 0 when it is no AEAD}
  public int icvOctets() {
    return icvOctets;
  }

  /// {@return whether the cipher authenticates by itself}
  public boolean isAead() {
    return icvOctets > 0;
  }

  /// {@return whether keys come in several lengths, which a proposal has to name (RFC 7296 §3.3.5)}
  public boolean hasKeyLengths() {
    return switch (this) {
      case AES_CBC, AES_GCM_16 -> true;
      case TRIPLE_DES_CBC, NULL, CHACHA20_POLY1305 -> false;
    };
  }

  /// {@return the length of its key in bits where that is always the same, else 0}
  public int fixedKeyBits() {
    return switch (this) {
      case TRIPLE_DES_CBC -> 192;
      case CHACHA20_POLY1305 -> 256;
      case NULL, AES_CBC, AES_GCM_16 -> 0;
    };
  }

  /// {@return whether the cipher can have a key of `bits`}
  public boolean allowsKeyBits(int bits) {
    return switch (this) {
      case TRIPLE_DES_CBC, NULL, CHACHA20_POLY1305 -> bits == fixedKeyBits();
      case AES_CBC, AES_GCM_16 -> bits == 128 || bits == 192 || bits == 256;
    };
  }
}
