package espd.tun;

import java.io.IOException;
import java.io.Serial;

/// The host refused something that espd cannot run without. The message is one line for the person
/// who runs it: what was tried, the host's words, what to do.
public final class HostException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  static final String NEEDS_NET_ADMIN =
      "run as root, or give the process the capability CAP_NET_ADMIN";
  static final String NEEDS_NET_RAW =
      "run as root, or give the process the capabilities CAP_NET_ADMIN and CAP_NET_RAW";

  private final String refused;
  private final String remedy;

  /// @param message one line
  public HostException(String message) {
    super(message);
    this.refused = message;
    this.remedy = "";
  }

  /// @param message one line
  /// @param cause what the JDK said
  public HostException(String message, Throwable cause) {
    super(message, cause);
    this.refused = message;
    this.remedy = "";
  }

  private HostException(String refused, String remedy) {
    super(refused + "; " + remedy);
    this.refused = refused;
    this.remedy = remedy;
  }

  /// {@return this refusal, with what to do about it}
  HostException mendedBy(String what) {
    HostException mended = new HostException(refused, what);
    mended.initCause(getCause());
    return mended;
  }

  /// {@return what was tried and the host's words, without what to do}
  public String refused() {
    return refused;
  }

  /// {@return what to do about it, empty where nobody knows}
  public String remedy() {
    return remedy;
  }

  /// {@return the failure of a call that the C library gave a number for}
  ///
  /// @param tried what was tried, as it follows "cannot"
  static HostException because(String tried, int errno) {
    return new HostException("cannot " + tried + ": " + Libc.strerror(errno));
  }

  /// {@return the same with what to do about it}
  static HostException because(String tried, int errno, String remedy) {
    return new HostException("cannot " + tried + ": " + Libc.strerror(errno), remedy);
  }
}
