package espd.daemon.config;

import espd.daemon.config.Dialect.Seen;
import espd.daemon.setkey.ByHand;
import espd.daemon.setkey.KeptPolicies;
import espd.daemon.setkey.SetkeyPolicy;
import espd.daemon.setkey.Ties;
import espd.ike.Connection;
import espd.ike.pool.Pool;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the program shall do, read from the files people have.
///
/// @param connections those that `auto=` does not leave out, in the order of the files
/// @param shunts packets that pass or are dropped without an SA
/// @param credentials the shared secrets and private keys
/// @param pools the addresses that peers may get, by name
/// @param byHand what setkey's files say
/// @param keying makes connections of setkey's policies; those of `byHand` are in `connections`
/// @param warnings what is used, but not quite as a file says
public record Configuration(
    List<Connection> connections,
    List<Shunt> shunts,
    Secrets credentials,
    List<Pool> pools,
    ByHand byHand,
    PolicyKeying keying,
    List<Warning> warnings) {

  /// Copies the lists.
  public Configuration {
    connections = List.copyOf(connections);
    shunts = List.copyOf(shunts);
    pools = List.copyOf(pools);
    warnings = List.copyOf(warnings);
  }

  /// Reads `ipsec.conf`, `ipsec.secrets`, `swanctl.conf` and setkey's files, told apart by name and
  /// content.
  ///
  /// @param files in any order; a connection may stand in any of them
  /// @param host whose left and right the files speak of
  /// @throws ConfigException with every reason why the files cannot be used
  public static Configuration read(List<Path> files, HostView host) throws ConfigException {
    return read(files, host, new Ties());
  }

  /// Reads them for a process that has read them before.
  ///
  /// @param ties the numbers of setkey's policies, which stay the same
  /// @throws ConfigException as [#read(List, HostView)]
  public static Configuration read(List<Path> files, HostView host, Ties ties)
      throws ConfigException {
    Findings findings = new Findings();
    SetkeyFiles setkey = new SetkeyFiles(host, findings, ties);
    KeychainReader keychain = new KeychainReader(findings);
    SecretsReader secrets = new SecretsReader(findings, keychain);
    ConnReader conns = new ConnReader(host, findings, keychain);
    files.forEach(keychain::beside);
    ConfReader conf = new ConfReader(findings);
    List<SwanctlConf> swanctl = new ArrayList<>();
    ConfFile all = ConfFile.EMPTY;
    for (Path file : files) {
      try {
        byte[] octets = Files.readAllBytes(file);
        Seen seen = Dialect.of(file, octets);
        switch (seen.dialect()) {
          case IPSEC_CONF -> all = conf.read(Source.of(file, octets));
          case IPSEC_SECRETS -> secrets.read(file, octets);
          case SWANCTL_CONF -> swanctl.add(new SwanctlConf(file, octets, findings));
          case SETKEY -> {
            if (file.toString().endsWith(KeptPolicies.SUFFIX)) {
              setkey.readKept(file, octets);
            } else {
              setkey.read(file, octets);
            }
          }
          case RACOON_CONF, PSK_TXT, UNKNOWN -> {
            Arrays.fill(octets, (byte) 0);
            refuse(file, seen, findings);
          }
        }
      } catch (IOException e) {
        findings.problem(Place.of(file), "nothing (" + reason(e) + ")", "a file that can be read");
      }
    }
    keychain.setup(all);
    Inheritance inheritance = new Inheritance(findings);
    List<Settings> resolved = inheritance.resolve(all);
    new ConfAuthorities(all, findings).into(keychain);
    for (Settings settings : resolved) {
      conns.read(settings, inheritance.isTemplate(settings));
    }
    List<Pool> pools = new ArrayList<>();
    for (SwanctlConf each : swanctl) {
      each.credentials(secrets, keychain);
      each.connections(conns);
      pools.addAll(each.pools());
      each.wipe();
    }
    ByHand byHand = setkey.byHand();
    Secrets credentials = secrets.secrets();
    if (findings.problemCount() > 0) {
      byHand.discard();
      credentials.close();
    }
    findings.throwProblems();
    Optional<Path> only =
        all.sections().isEmpty()
            ? swanctl.stream().map(SwanctlConf::file).findFirst()
            : Optional.empty();
    MissingSecrets missing = new MissingSecrets(credentials, only, findings);
    conns.connections().forEach(missing::lookFor);
    return new Configuration(
        conns.connections(),
        conns.shunts(),
        credentials,
        pools,
        byHand,
        PolicyKeying.NONE,
        findings.warnings());
  }

  /// {@return the connections where setkey's policies are these and not those of the files}
  public List<Connection> connections(List<SetkeyPolicy> policies) {
    List<Connection> others = new ArrayList<>(connections);
    others.removeAll(keying.of(byHand.policies(), byHand.ties()).connections());
    others.addAll(keying.of(policies, byHand.ties()).connections());
    return others;
  }

  /// {@return the addresses that IKE and ESP are spoken at}
  ///
  /// @param host whose addresses these are
  /// @param more besides those of the files
  public Set<Ipv6Address> locals(HostView host, List<Ipv6Address> more) {
    Set<Ipv6Address> locals = new HashSet<>(more);
    connections.forEach(connection -> locals.add(connection.local()));
    locals.addAll(byHand.locals(host::isLocal));
    locals.addAll(keying.listening());
    return Set.copyOf(locals);
  }

  /// Wipes the keys of a configuration that is not to be used.
  public void discard() {
    credentials.close();
    byHand.discard();
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "no such file" : e.toString();
  }

  private static void refuse(Path file, Seen seen, Findings findings) {
    String language =
        switch (seen.dialect()) {
          case RACOON_CONF, PSK_TXT -> "a file of racoon";
          case IPSEC_CONF, IPSEC_SECRETS, SWANCTL_CONF, SETKEY, UNKNOWN ->
              "a file of no known language";
        };
    findings.problem(
        new Place(file, seen.line(), seen.column()),
        language,
        "ipsec.conf, ipsec.secrets, swanctl.conf or a file of setkey");
  }
}
