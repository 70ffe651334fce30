package espd.dataplane;

import espd.spd.OriginalAddresses;
import espd.spd.SaParameters;
import java.util.Optional;

/// SAs in transport mode with NATs between the ends (RFC 7296 §2.23.1).
final class Translated {

  private Translated() {}

  /// `usual`, whose peer sees these ends.
  static SaParameters by(OriginalAddresses originals, SaParameters usual) {
    return SaDraft.inside(usual, usual.ipcomp(), Optional.of(originals));
  }
}
