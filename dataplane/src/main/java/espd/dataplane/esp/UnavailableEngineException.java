package espd.dataplane.esp;

import java.io.IOException;
import java.io.Serial;

/// An engine that this host does not have, or that failed its self-test. The message is one line
/// for the person who runs the program: which engine, why not, what to do.
public final class UnavailableEngineException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  private final String reason;
  private final String remedy;

  /// @param engine its name
  /// @param reason why it cannot be used
  /// @param remedy what to do about it
  UnavailableEngineException(String engine, String reason, String remedy) {
    super("no ciphers of " + engine + ": " + reason + "; " + remedy);
    this.reason = reason;
    this.remedy = remedy;
  }

  /// {@return why it cannot be used}
  public String reason() {
    return reason;
  }

  /// {@return what to do about it}
  public String remedy() {
    return remedy;
  }
}
