package espd.ike.driver;

import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.Established;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which IKE SA uses which TCP stream: one stands as long as an IKE SA uses it, and is kept from
/// strangers' limits when that is established (RFC 9329 §6.1). An IKE SA and its successor share
/// one. For the event loop.
final class StreamUse {

  private final IkeTransport transport;
  private final Map<Long, Integer> byIkeSa = new HashMap<>();

  /// @param transport whose streams they are
  StreamUse(IkeTransport transport) {
    this.transport = transport;
  }

  /// An IKE SA is in this state now. One that has departed keeps its stream: its last answer may be
  /// asked for again.
  void follow(long spi, IkeSaState state) {
    if (state instanceof Departed) {
      return;
    }
    Optional<Integer> now = path(state).filter(Path::isStream).map(Path::localPort);
    if (now.isPresent() && state instanceof Established) {
      transport.keepStream(now.get());
    }
    Optional<Integer> before =
        Optional.ofNullable(now.isPresent() ? byIkeSa.put(spi, now.get()) : byIkeSa.remove(spi));
    before.filter(stream -> !byIkeSa.containsValue(stream)).ifPresent(transport::closeStream);
  }

  private static Optional<Path> path(IkeSaState state) {
    return switch (state) {
      case Connecting s -> Optional.of(s.path());
      case Established s -> Optional.of(s.ikeSa().path());
      case IsakmpState s -> Optional.of(s.path());
      case Departed s -> Optional.empty();
      case IkeSaState.Closed s -> Optional.empty();
    };
  }
}
