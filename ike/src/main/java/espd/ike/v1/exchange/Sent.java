package espd.ike.v1.exchange;

import espd.ike.exchange.Retransmission;
import espd.ike.message.Bytes;
import java.time.Instant;

/// A message of ours that goes out again until what it waits for has come (RFC 2408 §5.1).
///
/// @param octets the message
/// @param tries how often it was sent again
/// @param againAt when it is to be sent once more, or given up
/// @param objected whether somebody has refused it without proof: it is not sent again, but what it
///   waits for may still come
record Sent(Bytes octets, int tries, Instant againAt, boolean objected) {

  /// {@return a message that is sent now}
  static Sent now(Bytes octets, Instant now, Retransmission policy) {
    return new Sent(octets, 0, now.plus(policy.wait(0)), false);
  }

  /// {@return whether something is to be done}
  boolean isDue(Instant now) {
    return !now.isBefore(againAt);
  }

  /// {@return whether it was sent again as often as it may be}
  boolean isExhausted(Retransmission policy) {
    return objected || tries >= policy.tries();
  }

  /// {@return this message, refused by whoever that may be}
  Sent refused() {
    return new Sent(octets, tries, againAt, true);
  }

  /// {@return this message, sent once more now}
  Sent again(Instant now, Retransmission policy) {
    return new Sent(octets, tries + 1, now.plus(policy.wait(tries + 1)), false);
  }
}
