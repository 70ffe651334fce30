package espd.daemon.control;

import java.io.IOException;

/// What arrived is no vici packet.
public final class MalformedPacketException extends IOException {

  private static final long serialVersionUID = 1L;

  /// @param message what is wrong
  public MalformedPacketException(String message) {
    super(message);
  }
}
