package espd.dataplane.ipv6;

import java.util.random.RandomGenerator;

/// The flow label of an ESP packet's outer header (RFC 6437 §3): one for each SA, the same as long
/// as the SA lives, never 0, evenly spread, and not to be foreseen by who does not know the secret
/// of this start.
///
/// RFC 6438 §3 has a tunnel derive it from the inner packet's addresses and ports, so that routers
/// spread the inner flows over paths of equal cost. ESP does not, for two reasons. The label would
/// tell an observer how many flows there are and which packet belongs to which, what tunnel mode is
/// to hide (RFC 4301 §5.1.2.2 lets the label be configured). And the packets of one SA would take
/// different ways: those that lag behind by more than the anti-replay window are dropped (RFC 4303
/// §3.4.3). The SPI stands in clear beside the label, so a label made of it tells nothing new, and
/// different SAs still spread. For any thread; allocates nothing.
public final class FlowLabel {

  private static final int LABELS = 0xf_ffff;

  private final SipHash hash;

  /// @param random draws the secret; a secure one
  public FlowLabel(RandomGenerator random) {
    this.hash = new SipHash(random);
  }

  /// {@return the label of the packets of an SA, 1 to 0xfffff}
  ///
  /// @param spi the SPI under which they are sent
  public int of(int spi) {
    return 1 + (int) Long.remainderUnsigned(hash.of(spi), LABELS);
  }
}
