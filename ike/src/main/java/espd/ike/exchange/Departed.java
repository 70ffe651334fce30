package espd.ike.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// An IKE SA that is gone, but whose last response may have got lost: it still answers duplicates
/// of the last request, for a while (RFC 7296 §2.1). Its keys are wiped.
///
/// @param localSpi our SPI
/// @param window the last response
/// @param until when that ends
public record Departed(long localSpi, MessageWindow window, Instant until) implements IkeSaState {

  private static final Duration WHILE = Duration.ofSeconds(30);

  static Departed after(IkeSa ikeSa, MessageWindow window, Instant now) {
    return new Departed(ikeSa.localSpi(), window, now.plus(WHILE));
  }

  @Override
  public Optional<Instant> wakeAt() {
    return Optional.of(until);
  }
}
