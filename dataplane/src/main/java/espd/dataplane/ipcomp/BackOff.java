package espd.dataplane.ipcomp;

/// Which flows are not worth a try (RFC 3173 §2.2): when packets of a flow do not become shorter,
/// the next ones of it are sent as they are, more of them each time, up to a thousand. One packet
/// that does become shorter makes the flow new again. One thread.
///
/// Flows share a fixed number of places by their hash. Two in one place may disturb each other, in
/// how much is compressed and in nothing else.
final class BackOff {

  private static final int PLACES = 1 << 10;
  private static final int MOST_DOUBLINGS = 10;

  private final byte[] failures = new byte[PLACES];
  private final short[] unsought = new short[PLACES];

  /// {@return whether the next packet of a flow is to be tried}
  ///
  /// @param flow its hash, any number
  boolean isDue(int flow) {
    int place = place(flow);
    if (unsought[place] == 0) {
      return true;
    }
    unsought[place]--;
    return false;
  }

  /// A packet of the flow became shorter.
  void succeeded(int flow) {
    failures[place(flow)] = 0;
  }

  /// A packet of the flow did not: 1 is left out next, then 3, 7, … 1023.
  void failed(int flow) {
    int place = place(flow);
    failures[place] = (byte) Math.min(failures[place] + 1, MOST_DOUBLINGS);
    unsought[place] = (short) ((1 << failures[place]) - 1);
  }

  /// The upper bits of a product with the golden ratio: every bit of the hash counts.
  private static int place(int flow) {
    return (flow * 0x9e37_79b9) >>> 22;
  }
}
