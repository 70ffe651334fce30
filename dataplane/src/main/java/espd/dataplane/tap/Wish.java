package espd.dataplane.tap;

import java.util.Optional;
import java.util.Set;

/// Which packets are to be recorded, and how much of each.
///
/// @param connection only those of the SAs of this connection; of any, ESP of no SA included, where
///   there is none
/// @param sides at least one
/// @param snapOctets the most octets kept of a packet, at least [#LEAST_SNAP]
public record Wish(Optional<String> connection, Set<Side> sides, int snapOctets) {

  /// The headers of ESP in UDP and ESP's own fit.
  public static final int LEAST_SNAP = 64;

  /// No packet is longer.
  public static final int WHOLE = 262_144;

  /// @throws IllegalArgumentException when nothing would be recorded
  public Wish {
    sides = Set.copyOf(sides);
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("neither inner nor outer packets");
    }
    if (snapOctets < LEAST_SNAP || snapOctets > WHOLE) {
      throw new IllegalArgumentException(
          snapOctets + " octets of a packet; at least " + LEAST_SNAP + ", at most " + WHOLE);
    }
  }

  boolean takes(Side side) {
    return sides.contains(side);
  }
}
