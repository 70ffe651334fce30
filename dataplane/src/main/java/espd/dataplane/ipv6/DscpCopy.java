package espd.dataplane.ipv6;

/// Whether the DSCP crosses a tunnel's ends (RFC 4301 §5.1.2.1 notes 5 and 9, RFC 2983 §3): a
/// choice for each SA. ECN crosses them always, as [Ecn] says.
///
/// ```
///            entering: outer DSCP   leaving: inner DSCP
///  OUT       the inner one          stays
///  IN        0                      becomes the outer one
///  BOTH      the inner one          becomes the outer one
///  NONE      0                      stays
/// ```
///
/// [#OUT] is what RFC 4301 asks for by default. Without it the network outside does not see how
/// traffic is divided into classes, and does not reorder it beyond the anti-replay window.
public enum DscpCopy {
  /// From the inner to the outer header only.
  OUT(true, false),
  /// From the outer to the inner header only.
  IN(false, true),
  /// Both ways.
  BOTH(true, true),
  /// Neither way.
  NONE(false, false);

  private static final int DSCP = 0xfc;

  private final boolean out;
  private final boolean in;

  DscpCopy(boolean out, boolean in) {
    this.out = out;
    this.in = in;
  }

  /// {@return the traffic class of the outer header}
  ///
  /// @param inner the traffic class of the packet that enters the tunnel
  public int entering(int inner) {
    return (out ? inner & DSCP : 0) | Ecn.entering(inner);
  }

  /// {@return the traffic class of the inner packet when it leaves the tunnel, or [Ecn#DROP]}
  ///
  /// @param inner the traffic class of the inner packet
  /// @param outer the traffic class of the outer one
  public int leaving(int inner, int outer) {
    int left = Ecn.leaving(inner, outer);
    return in && left != Ecn.DROP ? (outer & DSCP) | (left & ~DSCP) : left;
  }
}
