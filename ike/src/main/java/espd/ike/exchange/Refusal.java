package espd.ike.exchange;

import espd.ike.message.Notify;
import espd.ike.message.NotifyType;

/// Why something the peer asked for, or answered, is not to be (RFC 7296 §2.21): no failure of
/// ours, and no exception.
///
/// @param error what the peer is told
/// @param explanation what people are told: what was offered, what is allowed, where they differ
record Refusal(Notify error, String explanation) {

  /// {@return a refusal without data}
  static Refusal of(int notifyType, String explanation) {
    return new Refusal(Notify.of(notifyType), explanation);
  }

  /// {@return the notification's name}
  String name() {
    return NotifyType.name(error.type());
  }
}
