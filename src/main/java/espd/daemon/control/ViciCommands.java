package espd.daemon.control;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Every command of vici that there is here, and every event, by name: strongSwan's own, and those
/// of `espd` alone, whose names begin with `espd-`.
final class ViciCommands {

  /// The events that commands stream before their answers.
  private static final Set<String> STREAMED =
      Set.of(
          SaCommands.CONTROL_LOG,
          ListCommands.LIST_SA,
          ListCommands.LIST_CONN,
          ListCommands.LIST_POLICY,
          CertificateCommands.LIST_CERT,
          CertificateCommands.LIST_AUTHORITY,
          OwnCommands.TEXT,
          ViciAnswers.ROW);

  private final Map<String, ViciCommand> byName = new HashMap<>();

  /// @param more commands than these, by name
  ViciCommands(Operations operations, Map<String, ViciCommand> more) {
    byName.putAll(new DaemonCommands(operations).commands());
    byName.putAll(new SaCommands(operations).commands());
    byName.putAll(new ListCommands(operations).commands());
    byName.putAll(new CertificateCommands(operations).commands());
    byName.putAll(new LoadCommands(operations.loading()).commands());
    byName.putAll(new CredentialCommands(operations.loading().credentials()).commands());
    byName.putAll(new PoolCommands(operations.loading().pools()).commands());
    byName.putAll(new OwnCommands(operations).commands());
    byName.putAll(new WiretapCommands(operations).commands());
    byName.putAll(more);
  }

  /// {@return the command of that name, or nothing}
  Optional<ViciCommand> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// {@return whether a client may register for events of that name}
  static boolean isEvent(String name) {
    return Stream.of(STREAMED, WiretapCommands.EVENTS, ViciEvent.NAMES)
        .anyMatch(names -> names.contains(name));
  }
}
