package espd.daemon.keys;

import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Sa;
import espd.spd.SaParameters;

/// A line of the file that tcpdump's `-E` names: `SPI@DESTINATION CIPHER:KEY`.
final class TcpdumpLine {

  private TcpdumpLine() {}

  /// {@return the line of an SA; where tcpdump does not know its suite, a remark: it knows CBC with
  /// ICVs of 96 bits only}
  ///
  /// @throws IllegalStateException when its keys are wiped already
  static KeyLine of(Sa sa) {
    SaParameters parameters = sa.parameters();
    EspSuite suite = parameters.suite();
    boolean out = sa.direction() == Direction.OUTBOUND;
    KeyLine line = new KeyLine(Table.TCPDUMP);
    String name =
        parameters.spiText() + "@" + (out ? parameters.remote() : parameters.local()) + " ";
    if (suite.encryption() == Encryption.AES_CBC && suite.integrity() == Integrity.HMAC_SHA1_96) {
      line.text(name + "aes" + suite.keyBits() + "-cbc-hmac96:0x");
      return line.hex(parameters.encryptionKey()).text("\n");
    }
    return line.text("#" + name + suite + ": tcpdump does not decrypt it\n");
  }
}
