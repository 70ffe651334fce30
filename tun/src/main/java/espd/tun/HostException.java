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

  /// @param message one line
  public HostException(String message) {
    super(message);
  }

  /// @param message one line
  /// @param cause what the JDK said
  public HostException(String message, Throwable cause) {
    super(message, cause);
  }

  /// {@return the failure of a call that the C library gave a number for}
  ///
  /// @param tried what was tried, as it follows "cannot"
  static HostException because(String tried, int errno) {
    return new HostException("cannot " + tried + ": " + Libc.strerror(errno));
  }

  /// {@return the same with what to do about it}
  static HostException because(String tried, int errno, String remedy) {
    return new HostException("cannot " + tried + ": " + Libc.strerror(errno) + "; " + remedy);
  }
}
