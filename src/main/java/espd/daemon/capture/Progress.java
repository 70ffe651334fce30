package espd.daemon.capture;

import espd.dataplane.tap.Side;

/// How many packets have come so far.
///
/// @param inner of the inner side, written
/// @param innerDropped of the inner side, lost because the reader was slow
/// @param outer of the outer side, written
/// @param outerDropped of the outer side, lost
public record Progress(long inner, long innerDropped, long outer, long outerDropped) {

  /// Nothing yet.
  public static final Progress NONE = new Progress(0, 0, 0, 0);

  long written(Side side) {
    return side == Side.INNER ? inner : outer;
  }

  long dropped(Side side) {
    return side == Side.INNER ? innerDropped : outerDropped;
  }
}
