package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;

/// No daemon answers.
final class UnreachableException extends IOException {

  private static final long serialVersionUID = 1L;

  private UnreachableException(Path control, IOException cause) {
    super(
        "espd: no daemon answers at "
            + control
            + " ("
            + cause.getMessage()
            + ").\nStart one as root: espd run --config /etc/ipsec.conf --config /etc/ipsec.secrets"
            + " --control "
            + control,
        cause);
  }

  /// {@return a connection to the daemon at `control`}
  static ControlClient connect(Path control) throws UnreachableException {
    try {
      return ControlClient.connect(control);
    } catch (IOException e) {
      throw new UnreachableException(control, e);
    }
  }
}
