package espd.dataplane.ipv6;

/// Explicit congestion notification through a tunnel (RFC 6040), normal mode: what is in the two
/// low bits of the traffic class.
public final class Ecn {

  /// What [#leaving(int, int)] gives for a packet that must be dropped.
  public static final int DROP = -1;

  private static final int MASK = 0x3;
  private static final int NOT_ECT = 0;
  private static final int ECT_1 = 1;
  private static final int ECT_0 = 2;
  private static final int CE = 3;

  private Ecn() {}

  /// {@return the traffic class of the inner packet when it leaves the tunnel (RFC 6040 §4.2), or
  /// [#DROP]: the outer header says congestion, and the inner packet's sender would not understand}
  ///
  /// ```
  ///  inner \ outer │ Not-ECT   ECT(0)   ECT(1)   CE
  ///  Not-ECT       │ Not-ECT   Not-ECT  Not-ECT  drop
  ///  ECT(0)        │ ECT(0)    ECT(0)   ECT(1)   CE
  ///  ECT(1)        │ ECT(1)    ECT(1)   ECT(1)   CE
  ///  CE            │ CE        CE       CE       CE
  /// ```
  ///
  /// @param inner the traffic class of the inner packet; its DSCP stays (RFC 4301 §5.1.2.2)
  /// @param outer the traffic class of the outer one
  public static int leaving(int inner, int outer) {
    int from = outer & MASK;
    return switch (inner & MASK) {
      case NOT_ECT -> from == CE ? DROP : inner;
      case ECT_0 -> from == CE || from == ECT_1 ? (inner & ~MASK) | from : inner;
      case ECT_1 -> from == CE ? inner | CE : inner;
      default -> inner;
    };
  }
}
