package espd.spd;

/// The numbers that tie SAs to the policies they serve (RFC 4301 §4.4.1.2): within one process
/// every tie has a number of its own, also where people set none.
public final class Reqid {

  /// The largest one that setkey's language sets by hand, as `unique:N`.
  public static final int LARGEST_MANUAL = 0x3fff;

  /// From here on a number stands for two ends: policies and SAs that are tied by nothing else, as
  /// setkey's `require` does. People are shown 0 for it, as a kernel shows it.
  public static final int FIRST_BY_ENDS = 0x4000_0000;

  private Reqid() {}

  /// {@return whether nobody has set the number: it stands for the ends}
  public static boolean isByEnds(int reqid) {
    return reqid >= FIRST_BY_ENDS;
  }

  /// {@return what people are shown of a number}
  public static int shown(int reqid) {
    return isByEnds(reqid) ? 0 : reqid;
  }
}
