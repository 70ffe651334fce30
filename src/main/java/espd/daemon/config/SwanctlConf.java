package espd.daemon.config;

import espd.daemon.config.SwanctlFile.Section;
import espd.ike.pool.Pool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A `swanctl.conf` with what it includes and what is in the folders beside it: connections, and
/// what they need.
final class SwanctlConf {

  private final Path file;
  private final Path folder;
  private final Findings findings;
  private final SwanctlParser parser;
  private final Section root;

  /// Reads a file.
  ///
  /// @param file its name
  /// @param octets what it holds, wiped by [#wipe()]
  /// @param findings told what is wrong
  SwanctlConf(Path file, byte[] octets, Findings findings) {
    this.file = file;
    this.folder = file.toAbsolutePath().resolveSibling("");
    this.findings = findings;
    this.parser = new SwanctlParser(file, findings);
    parser.read(file, octets);
    this.root = parser.root().resolved(parser.root(), findings);
  }

  Path file() {
    return file;
  }

  /// Puts the secrets into `secrets`, keys and certificates into `keychain`.
  void credentials(SecretsReader secrets, KeychainReader keychain) {
    keychain.besideSwanctl(folder);
    part("authorities")
        .sections()
        .forEach(
            (name, section) -> {
              try {
                SwanctlKeys keys = SwanctlKeys.ofFile("authorities." + name, section);
                Authority read = new AuthorityReader(name, keys, certificates(), findings).read();
                keychain.trust(read.places(), read.crls());
              } catch (Unreadable e) {
                findings.problem(e);
              }
            });
    new SwanctlSecrets(folder, secrets, keychain, findings).read(part("secrets"));
  }

  /// Puts the connections into `reader`.
  void connections(ConnReader reader) {
    for (Value key : root.keys()) {
      findings.problem(key.place(), "a key outside of all sections: " + key, "a section");
    }
    part("connections")
        .sections()
        .forEach(
            (name, section) ->
                new SwanctlReader(
                        new SwanctlReader.Named(
                            name, SwanctlKeys.ofFile("connections." + name, section)),
                        certificates(),
                        reader,
                        findings)
                    .read());
  }

  /// {@return the addresses that peers may get}
  List<Pool> pools() {
    List<Pool> pools = new ArrayList<>();
    part("pools")
        .sections()
        .forEach(
            (name, section) -> {
              try {
                SwanctlKeys keys = SwanctlKeys.ofFile("pools." + name, section);
                pools.add(new PoolReader(name, keys, findings).read());
              } catch (Unreadable e) {
                findings.problem(e);
              }
            });
    return pools;
  }

  private SwanctlCertificates certificates() {
    return new SwanctlCertificates(Optional.of(folder));
  }

  private Section part(String name) {
    return Optional.ofNullable(root.sections().get(name)).orElseGet(() -> new Section(root.name()));
  }

  /// Wipes what was read. Values made of it stay; their places cannot be told any more.
  void wipe() {
    parser.wipe();
  }
}
