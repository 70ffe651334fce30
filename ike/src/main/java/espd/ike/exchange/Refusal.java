package espd.ike.exchange;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.UnsupportedCriticalPayloadException;

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

  /// {@return the refusal of an authentic request that makes no sense (RFC 7296 §2.5, §2.21.3)}
  static Refusal of(MalformedException malformed) {
    Notify error =
        malformed instanceof UnsupportedCriticalPayloadException critical
            ? Notify.of(
                NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.of((byte) critical.payloadType()))
            : Notify.of(NotifyType.INVALID_SYNTAX);
    return new Refusal(error, String.valueOf(malformed.getMessage()));
  }

  /// {@return the notification's name}
  String name() {
    return NotifyType.name(error.type());
  }
}
