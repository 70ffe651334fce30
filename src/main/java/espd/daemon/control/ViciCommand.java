package espd.daemon.control;

import java.io.IOException;

/// What one command of vici does.
@FunctionalInterface
public interface ViciCommand {

  /// Does it. In the client's own thread, which may block.
  ///
  /// @param request what is said with it
  /// @param events takes the events that stream before the answer
  /// @return the answer
  /// @throws IOException when the client is gone
  Section perform(Section request, Events events) throws IOException;

  /// Where the events of a command go: to its client, if that has registered for them.
  @FunctionalInterface
  interface Events {

    /// Sends one.
    ///
    /// @return whether the client has registered for events of that name
    /// @throws IOException when the client is gone
    boolean send(String name, Section message) throws IOException;
  }
}
