package espd.ike.driver;

import espd.ike.crypto.IkeKeys;
import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.Established;
import espd.ike.exchange.IkeSa;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which IKE SAs have keys, for those who were told to log them. It keeps no key itself: each stays
/// with its IKE SA, which wipes it. Any thread may follow.
public final class StandingKeys {

  private final Map<Long, Keyed> bySpi = new HashMap<>();
  private final List<KeyListener> listeners = new ArrayList<>();

  /// Keys, and the SA they are of; equal where they are the same.
  private sealed interface Keyed {

    void lendTo(KeyListener listener);

    record OfIkeSa(long spiI, long spiR, IkeKeys keys) implements Keyed {
      @Override
      public void lendTo(KeyListener listener) {
        listener.keys(spiI, spiR, keys);
      }
    }

    record OfIsakmpSa(long cookieI, KeyMaterial encryptionKey) implements Keyed {
      @Override
      public void lendTo(KeyListener listener) {
        listener.key(cookieI, encryptionKey);
      }
    }
  }

  /// Nobody follows it yet.
  public StandingKeys() {}

  /// Lends `listener` the keys of every IKE SA that has some, and from now on those of each as soon
  /// as they are derived.
  public synchronized void follow(KeyListener listener) {
    bySpi.values().forEach(keyed -> lend(keyed, listener));
    listeners.add(listener);
  }

  /// Lends `listener` no more.
  public synchronized void forget(KeyListener listener) {
    listeners.remove(listener);
  }

  private static void lend(Keyed keyed, KeyListener listener) {
    try {
      keyed.lendTo(listener);
    } catch (IllegalStateException e) {
      // The step that wiped them is not through yet.
    }
  }

  /// An IKE SA has come to another state. For the event loop.
  synchronized void settled(long localSpi, IkeSaState state) {
    Optional<Keyed> keyed = keyed(state);
    if (keyed.isEmpty()) {
      bySpi.remove(localSpi);
    } else if (!keyed.get().equals(bySpi.put(localSpi, keyed.get()))) {
      listeners.forEach(listener -> lend(keyed.get(), listener));
    }
  }

  private static Optional<Keyed> keyed(IkeSaState state) {
    return switch (state) {
      case Connecting.Keyed s -> Optional.of(keyed(s.ikeSa()));
      case Established s -> Optional.of(keyed(s.ikeSa()));
      case IsakmpState s -> s.encryptionKey().map(key -> new Keyed.OfIsakmpSa(s.spiI(), key));
      case Connecting.ByAttempt s -> Optional.empty();
      case Connecting.AnsweringInit s -> Optional.empty();
      case Departed s -> Optional.empty();
      case IkeSaState.Closed s -> Optional.empty();
    };
  }

  private static Keyed keyed(IkeSa ikeSa) {
    return new Keyed.OfIkeSa(ikeSa.spiI(), ikeSa.spiR(), ikeSa.keys());
  }
}
