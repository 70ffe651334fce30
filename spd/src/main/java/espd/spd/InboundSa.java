package espd.spd;

import java.util.concurrent.atomic.LongAdder;

/// The SA of packets that arrive: it knows which numbers it has seen (RFC 4303 §3.4.3).
public final class InboundSa extends Sa {

  private final ReplayWindow window;
  private final EsnResynchronisation resynchronisation;
  private final LongAdder replayed = new LongAdder();
  private final LongAdder unauthentic = new LongAdder();

  /// @param parameters the SA as negotiated
  public InboundSa(SaParameters parameters) {
    super(parameters);
    this.window = new ReplayWindow(parameters.replayWindow(), parameters.esn());
    this.resynchronisation = new EsnResynchronisation(parameters.esn());
  }

  @Override
  public Direction direction() {
    return Direction.INBOUND;
  }

  @Override
  public long sequence() {
    return window.top();
  }

  /// The numbers are the sender's, who sees to a successor.
  @Override
  boolean isNearlyExhausted() {
    return false;
  }

  /// {@return the numbers it has seen}
  public ReplayWindow window() {
    return window;
  }

  /// {@return what finds the high half of its numbers again}
  public EsnResynchronisation resynchronisation() {
    return resynchronisation;
  }

  /// Counts one authentic packet. Only for the thread that owns this direction's order.
  @Override
  public void count(int octets, long nowMillis) {
    super.count(octets, nowMillis);
    resynchronisation.succeeded();
  }

  /// Counts a packet refused as replayed or too old. Any thread.
  public void countReplayed() {
    replayed.increment();
  }

  /// Counts a packet whose ICV was wrong. Any thread.
  public void countUnauthentic() {
    unauthentic.increment();
    resynchronisation.failed();
  }

  /// {@return how many packets were refused as replayed or too old}
  public long replayed() {
    return replayed.sum();
  }

  /// {@return how many packets had a wrong ICV}
  public long unauthentic() {
    return unauthentic.sum();
  }
}
