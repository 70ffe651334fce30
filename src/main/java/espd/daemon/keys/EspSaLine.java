package espd.daemon.keys;

import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import espd.spd.SaParameters;

/// A line of `esp_sa`: `"IPv6","SOURCE","DESTINATION","SPI","CIPHER","KEY","ICV","KEY"`.
final class EspSaLine {

  private EspSaLine() {}

  /// {@return the line of an SA}
  ///
  /// @throws IllegalStateException when its keys are wiped already
  static KeyLine of(Sa sa) {
    SaParameters parameters = sa.parameters();
    boolean out = sa.direction() == Direction.OUTBOUND;
    Ipv6Address source = out ? parameters.local() : parameters.remote();
    Ipv6Address destination = out ? parameters.remote() : parameters.local();
    EspSuite suite = parameters.suite();
    KeyLine line = new KeyLine(Table.ESP_SA);
    if (suite.encryption() == Encryption.CHACHA20_POLY1305) {
      // Wireshark 4.0 does not know the name, and would take no line of the file.
      line.text("#");
    }
    line.text("\"IPv6\",\"" + source + "\",\"" + destination + "\",\"");
    line.text(parameters.spiText() + "\",\"" + cipher(suite.encryption()) + "\",\"0x");
    line.hex(parameters.encryptionKey());
    line.text("\",\"" + icv(suite.integrity()) + "\",\"");
    if (suite.integrity() != Integrity.NONE) {
      line.text("0x").hex(parameters.integrityKey());
    }
    return line.text("\"\n");
  }

  private static String cipher(Encryption encryption) {
    return switch (encryption) {
      case TRIPLE_DES_CBC -> "TripleDES-CBC [RFC2451]";
      case NULL -> "NULL";
      case AES_CBC -> "AES-CBC [RFC3602]";
      case AES_GCM_16 -> "AES-GCM with 16 octet ICV [RFC4106]";
      case CHACHA20_POLY1305 -> "ChaCha20 with Poly1305 [RFC7634]";
    };
  }

  private static String icv(Integrity integrity) {
    return switch (integrity) {
      case NONE -> "NULL";
      case HMAC_MD5_96 -> "HMAC-MD5-96 [RFC2403]";
      case HMAC_SHA1_96 -> "HMAC-SHA-1-96 [RFC2404]";
      case HMAC_SHA2_256_128 -> "HMAC-SHA-256-128 [RFC4868]";
      case HMAC_SHA2_384_192 -> "HMAC-SHA-384-192 [RFC4868]";
      case HMAC_SHA2_512_256 -> "HMAC-SHA-512-256 [RFC4868]";
    };
  }
}
