package espd.dataplane;

import espd.spd.OriginalAddresses;
import espd.spd.SaParameters;
import java.util.Optional;

/// SAs in transport mode with NATs between the ends (RFC 7296 §2.23.1).
final class Translated {

  private Translated() {}

  /// `usual`, whose peer sees these ends.
  static SaParameters by(OriginalAddresses originals, SaParameters usual) {
    return new SaParameters(
        usual.spi(),
        usual.connection(),
        usual.reqid(),
        usual.mode(),
        usual.local(),
        usual.remote(),
        usual.encapsulation(),
        usual.suite(),
        usual.encryptionKey(),
        usual.integrityKey(),
        usual.esn(),
        usual.replayWindow(),
        usual.lifetime(),
        usual.outerTraffic(),
        usual.ipcomp(),
        Optional.of(originals),
        usual.selectors(),
        usual.created());
  }
}
