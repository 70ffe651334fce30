package espd.daemon.control;

import espd.daemon.control.Operations.Outcome;
import espd.ike.pool.Pools;
import java.util.List;
import java.util.Map;

/// Changes what the daemon does while it runs. For any thread; changes come one after the other.
public interface Loading {

  /// Reads the configuration files again, and does what differs: connections that are the same keep
  /// their SAs. Files with an error change nothing.
  Outcome reload();

  /// Takes a connection of the files out, and closes its SAs, until they are read again.
  ///
  /// @param connection its name
  Outcome withdraw(String connection);

  /// Reads the files again, with this connection, which may have been withdrawn; those that still
  /// are stay out.
  ///
  /// @param connection its name
  Outcome restore(String connection);

  /// Adds the connection, or replaces that of its name which was loaded before. The same again
  /// changes nothing.
  ///
  /// @param name of the connection
  /// @param keys of `swanctl.conf`, those of sections with the section's name and a dot before
  Outcome load(String name, Map<String, List<String>> keys);

  /// Removes a connection that was loaded, and closes its SAs.
  Outcome unload(String name);

  /// {@return the names of the connections that were loaded, not those of the files}
  List<String> loaded();

  /// Has the policies of a connection stand, so that packets start it.
  ///
  /// @param connection its name
  Outcome install(String connection);

  /// Takes back [#install(String)], or what a file says.
  ///
  /// @param connection its name
  Outcome uninstall(String connection);

  /// {@return the names of the connections whose policies stand}
  List<String> installed();

  /// {@return the addresses that peers get}
  Pools pools();

  /// {@return what changes secrets, keys and certificates}
  CredentialLoading credentials();
}
