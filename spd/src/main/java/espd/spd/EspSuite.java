package espd.spd;

/// What protects the packets of one SA (RFC 4303 §3.2).
///
/// @param encryption the cipher
/// @param keyBits the length of its key in bits, without salt
/// @param integrity the ICV's algorithm; [Integrity#NONE] exactly when the cipher is an AEAD
public record EspSuite(Encryption encryption, int keyBits, Integrity integrity) {

  /// The octets of SPI and sequence number before the IV (RFC 4303 §2).
  public static final int HEADER_OCTETS = 8;

  /// The octets of pad length and next header behind the padding (RFC 4303 §2).
  public static final int TRAILER_OCTETS = 2;

  /// @throws IllegalArgumentException when the parts do not fit each other
  public EspSuite {
    if (!encryption.allowsKeyBits(keyBits)) {
      throw new IllegalArgumentException(encryption + " has no key of " + keyBits + " bits");
    }
    if (encryption.isAead() != (integrity == Integrity.NONE)) {
      throw new IllegalArgumentException(encryption + " does not go with " + integrity);
    }
  }

  /// {@return the octets of key the cipher draws, its salt included}
  public int encryptionKeyOctets() {
    return keyBits / 8 + encryption.saltOctets();
  }

  /// {@return the octets of ICV at the end of each packet}
  public int icvOctets() {
    return encryption.isAead() ? encryption.icvOctets() : integrity.icvOctets();
  }

  /// {@return the octets of an ESP packet around `payloadOctets`, from the SPI to the ICV, with the
  /// least padding (RFC 4303 §2.4)}
  public int packetOctets(int payloadOctets) {
    int block = encryption.blockOctets();
    int encrypted = (payloadOctets + TRAILER_OCTETS + block - 1) / block * block;
    return HEADER_OCTETS + encryption.ivOctets() + encrypted + icvOctets();
  }

  /// {@return the largest payload whose ESP packet has at most `packetOctets`, or a negative number
  /// when not even an empty one has}
  public int payloadOctets(int packetOctets) {
    int room = packetOctets - HEADER_OCTETS - encryption.ivOctets() - icvOctets();
    int block = encryption.blockOctets();
    return room < block ? -1 : room / block * block - TRAILER_OCTETS;
  }

  /// {@return the suite as strongSwan prints it: `AES_GCM_16_128` or `AES_CBC_128/HMAC_SHA1_96`}
  @Override
  public String toString() {
    String cipher = encryption.hasKeyLengths() ? encryption + "_" + keyBits : encryption.toString();
    return integrity == Integrity.NONE ? cipher : cipher + "/" + integrity.name();
  }
}
