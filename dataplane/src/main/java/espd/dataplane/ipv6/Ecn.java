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

  /// {@return the codepoint that the outer header takes when the packet enters the tunnel: the
  /// inner one, whichever it is (RFC 6040 §4.1, normal mode)}
  ///
  /// @param inner the traffic class of the inner packet
  public static int entering(int inner) {
    return inner & MASK;
  }

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

  /// {@return the ECN of one traffic class with the DSCP of another (RFC 2474 §3)}
  public static int withDscpOf(int dscp, int ecn) {
    return (dscp & ~MASK) | (ecn & MASK);
  }

  /// {@return the codepoint of a reassembled datagram, or [#DROP] (RFC 3168 §5.3): congestion that
  /// one of its fragments met is kept, and only a transport that understands may be told}
  ///
  /// Where no fragment met congestion the datagram has the codepoint of its first one.
  ///
  /// @param seen bit `c` is set when a fragment came with codepoint `c`
  /// @param first the traffic class of the first fragment
  public static int reassembled(int seen, int first) {
    if ((seen & 1 << CE) == 0) {
      return first & MASK;
    }
    return (seen & 1 << NOT_ECT) == 0 ? CE : DROP;
  }
}
