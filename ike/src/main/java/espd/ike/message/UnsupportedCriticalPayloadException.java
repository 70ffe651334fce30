package espd.ike.message;

/// A payload we do not know that the peer marked critical (RFC 7296 §2.5), to be answered with
/// UNSUPPORTED_CRITICAL_PAYLOAD and the payload's type.
public final class UnsupportedCriticalPayloadException extends MalformedException {

  private final int payloadType;

  UnsupportedCriticalPayloadException(int payloadType) {
    super("unknown critical payload " + payloadType);
    this.payloadType = payloadType;
  }

  /// {@return the type of the payload, one octet of the notification's data}
  public int payloadType() {
    return payloadType;
  }
}
