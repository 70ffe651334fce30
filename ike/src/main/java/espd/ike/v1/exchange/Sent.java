package espd.ike.v1.exchange;

import espd.ike.exchange.Retransmission;
import espd.ike.message.Bytes;
import java.time.Instant;

/// A message of ours that goes out again until what it waits for has come (RFC 2408 §5.1).
///
/// @param octets the message
/// @param tries how often it was sent again
/// @param againAt when it is to be sent once more, or given up
record Sent(Bytes octets, int tries, Instant againAt) {

  /// {@return a message that is sent now}
  static Sent now(Bytes octets, Instant now, Retransmission policy) {
    return new Sent(octets, 0, now.plus(policy.wait(0)));
  }

  /// {@return whether something is to be done}
  boolean isDue(Instant now) {
    return !now.isBefore(againAt);
  }

  /// {@return whether it was sent again as often as it may be}
  boolean isExhausted(Retransmission policy) {
    return tries >= policy.tries();
  }

  /// {@return this message, sent once more now}
  Sent again(Instant now, Retransmission policy) {
    return new Sent(octets, tries + 1, now.plus(policy.wait(tries + 1)));
  }
}
