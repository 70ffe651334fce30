package espd.daemon.keys;

import espd.spd.Direction;
import espd.spd.EspSuite;
import espd.spd.Sa;
import espd.spd.SaParameters;
import java.util.Optional;

/// A line of the file that tcpdump's `-E` names: `SPI@DESTINATION CIPHER:KEY`.
final class TcpdumpLine {

  private static final int ICV_OCTETS = 12;

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
    Optional<String> cipher = cipher(suite);
    if (cipher.isEmpty() || suite.integrity().icvOctets() != ICV_OCTETS) {
      return line.text("#" + name + suite + ": tcpdump does not decrypt it\n");
    }
    line.text(name + cipher.get() + "-hmac96:0x");
    return line.hex(parameters.encryptionKey()).text("\n");
  }

  private static Optional<String> cipher(EspSuite suite) {
    return switch (suite.encryption()) {
      case TRIPLE_DES_CBC -> Optional.of("3des-cbc");
      case AES_CBC -> Optional.of("aes" + suite.keyBits() + "-cbc");
      case NULL, AES_GCM_16, CHACHA20_POLY1305 -> Optional.empty();
    };
  }
}
