package espd.ike.exchange;

import espd.spd.Ipv6Address;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// An IKE SA that is gone, but whose last response may have got lost: it still answers duplicates
/// of the last request, for a while (RFC 7296 §2.1). Its keys are wiped.
///
/// @param localSpi our SPI
/// @param window the last response
/// @param until when that ends
/// @param unproven the peer's address, when it has not proven itself and so counts as half-open
public record Departed(
    long localSpi, MessageWindow window, Instant until, Optional<Ipv6Address> unproven)
    implements IkeSaState {

  private static final Duration WHILE = Duration.ofSeconds(30);

  static Departed after(long localSpi, MessageWindow window, Instant now) {
    return new Departed(localSpi, window, now.plus(WHILE), Optional.empty());
  }

  /// {@return this, of a peer that has not proven itself}
  Departed unproven(Ipv6Address peer) {
    return new Departed(localSpi, window, until, Optional.of(peer));
  }

  Departed with(MessageWindow newWindow) {
    return new Departed(localSpi, newWindow, until, unproven);
  }

  @Override
  public Optional<Instant> wakeAt() {
    return Optional.of(until);
  }
}
