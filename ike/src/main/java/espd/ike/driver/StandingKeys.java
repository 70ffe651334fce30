package espd.ike.driver;

import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.Established;
import espd.ike.exchange.IkeSa;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which IKE SAs have keys, for those who were told to log them. It keeps no key itself: each stays
/// with its IKE SA, which wipes it. Any thread may follow.
public final class StandingKeys {

  private final Map<Long, IkeSa> bySpi = new HashMap<>();
  private final List<KeyListener> listeners = new ArrayList<>();

  /// Nobody follows it yet.
  public StandingKeys() {}

  /// Lends `listener` the keys of every IKE SA that has some, and from now on those of each as soon
  /// as they are derived.
  public synchronized void follow(KeyListener listener) {
    bySpi.values().forEach(ikeSa -> lend(ikeSa, listener));
    listeners.add(listener);
  }

  /// Lends `listener` no more.
  public synchronized void forget(KeyListener listener) {
    listeners.remove(listener);
  }

  private static void lend(IkeSa ikeSa, KeyListener listener) {
    try {
      listener.keys(ikeSa.spiI(), ikeSa.spiR(), ikeSa.keys());
    } catch (IllegalStateException e) {
      // The step that wiped them is not through yet.
    }
  }

  /// An IKE SA has come to another state. For the event loop.
  synchronized void settled(long localSpi, IkeSaState state) {
    Optional<IkeSa> ikeSa = speaking(state);
    if (ikeSa.isEmpty()) {
      bySpi.remove(localSpi);
      return;
    }
    IkeSa before = bySpi.put(localSpi, ikeSa.get());
    if (before == null || before.keys() != ikeSa.get().keys()) {
      listeners.forEach(listener -> lend(ikeSa.get(), listener));
    }
  }

  private static Optional<IkeSa> speaking(IkeSaState state) {
    return switch (state) {
      case Connecting.Keyed s -> Optional.of(s.ikeSa());
      case Established s -> Optional.of(s.ikeSa());
      case Connecting.ByAttempt s -> Optional.empty();
      case Connecting.AnsweringInit s -> Optional.empty();
      case Departed s -> Optional.empty();
      case IsakmpState s -> Optional.empty();
      case IkeSaState.Closed s -> Optional.empty();
    };
  }
}
