package espd.ike.message;

/// A message of another major version (RFC 7296 §2.5), to be answered with INVALID_MAJOR_VERSION.
public final class InvalidMajorVersionException extends MalformedException {

  private final transient Header header;
  private final int majorVersion;

  InvalidMajorVersionException(Header header, int majorVersion) {
    super("major version " + majorVersion + ", not 2");
    this.header = header;
    this.majorVersion = majorVersion;
  }

  /// {@return the header of the message, whose SPIs and message id the answer repeats}
  public Header header() {
    return header;
  }

  /// {@return the version the peer speaks, 0 to 15}
  public int majorVersion() {
    return majorVersion;
  }
}
