package espd.daemon.keys;

import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.Role;
import espd.spd.Integrity;

/// A line of `ikev2_decryption_table`: `SPIi,SPIr,SK_ei,SK_er,"CIPHER",SK_ai,SK_ar,"ICV"`.
final class Ikev2Line {

  private Ikev2Line() {}

  /// {@return the line of an IKE SA; for a cipher that Wireshark does not know, a remark}
  ///
  /// @throws IllegalStateException when its keys are wiped already
  static KeyLine of(long spiI, long spiR, IkeKeys keys) {
    IkeSuite suite = keys.suite();
    KeyLine line = new KeyLine(Table.IKEV2);
    String spis = "%016x,%016x,".formatted(spiI, spiR);
    String cipher =
        switch (suite.encryption()) {
          case TRIPLE_DES_CBC -> "3DES [RFC2451]";
          case AES_CBC -> "AES-CBC-" + suite.keyBits() + " [RFC3602]";
          case AES_GCM_16 -> "AES-GCM-" + suite.keyBits() + " with 16 octet ICV [RFC5282]";
          case NULL, CHACHA20_POLY1305 -> "";
        };
    if (cipher.isEmpty()) {
      return line.text("#" + spis + " " + suite + ": Wireshark does not decrypt it\n");
    }
    line.text(spis).hex(keys.skE(Role.INITIATOR)).text(",").hex(keys.skE(Role.RESPONDER));
    line.text(",\"" + cipher + "\",");
    line.hex(keys.skA(Role.INITIATOR)).text(",").hex(keys.skA(Role.RESPONDER));
    return line.text(",\"" + icv(suite.integrity()) + "\"\n");
  }

  private static String icv(Integrity integrity) {
    return switch (integrity) {
      case NONE -> "NONE [RFC4306]";
      case HMAC_MD5_96 -> "HMAC_MD5_96 [RFC2403]";
      case HMAC_SHA1_96 -> "HMAC_SHA1_96 [RFC2404]";
      case HMAC_SHA2_256_128 -> "HMAC_SHA2_256_128 [RFC4868]";
      case HMAC_SHA2_384_192 -> "HMAC_SHA2_384_192 [RFC4868]";
      case HMAC_SHA2_512_256 -> "HMAC_SHA2_512_256 [RFC4868]";
    };
  }
}
