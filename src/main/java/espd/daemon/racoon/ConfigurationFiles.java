package espd.daemon.racoon;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.Dialect;
import espd.daemon.config.Findings;
import espd.daemon.config.HostView;
import espd.daemon.config.KeychainReader;
import espd.daemon.config.Place;
import espd.daemon.config.PolicyKeying.Keyed;
import espd.daemon.config.Problem;
import espd.daemon.config.Secrets;
import espd.daemon.config.SharedSecret;
import espd.daemon.config.Source;
import espd.daemon.config.Value;
import espd.daemon.config.Warning;
import espd.daemon.setkey.Ties;
import espd.ike.Connection;
import espd.ike.Identity;
import espd.ike.Proofs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// All files of a configuration: racoon's, and those of [Configuration], with whose policies they
/// are put together.
public final class ConfigurationFiles {

  private static final String USUAL_PSK = "/etc/racoon/psk.txt";

  private final Findings findings = new Findings();
  private final RacoonParser parser = new RacoonParser(findings);
  private final List<SharedSecret> secrets = new ArrayList<>();
  private final List<Path> others = new ArrayList<>();
  private final HostView host;
  private boolean hasRacoon;
  private boolean hasPsk;

  private ConfigurationFiles(HostView host) {
    this.host = host;
  }

  /// Reads files, told apart by name and content.
  ///
  /// @param files in any order
  /// @param host whose connections they speak of
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
    ConfigurationFiles all = new ConfigurationFiles(host);
    for (Path file : files) {
      all.take(file);
    }
    return all.with(ties);
  }

  /// {@return how much a `racoon.conf` has logged: the word behind `log`, empty where it says
  /// nothing of it or cannot be read}
  public static String racoonLog(Path file) {
    try {
      RacoonParser parser = new RacoonParser(new Findings());
      parser.read(Source.of(file, Files.readAllBytes(file)));
      return parser.read().log().map(Value::text).orElse("");
    } catch (IOException e) {
      return ""; // Whoever reads all of it says so.
    }
  }

  private void take(Path file) {
    byte[] octets = new byte[0];
    try {
      octets = Files.readAllBytes(file);
    } catch (IOException e) {
      others.add(file); // Its reader says so.
      return;
    }
    switch (Dialect.of(file, octets).dialect()) {
      case RACOON_CONF -> {
        parser.read(Source.of(file, octets));
        hasRacoon = true;
      }
      case PSK_TXT -> {
        secrets.addAll(PskFile.read(file, octets, findings));
        hasPsk = true;
      }
      case IPSEC_CONF, IPSEC_SECRETS, SETKEY, SWANCTL_CONF, UNKNOWN -> {
        Arrays.fill(octets, (byte) 0);
        others.add(file);
      }
    }
  }

  private Configuration with(Ties ties) throws ConfigException {
    List<Problem> problems = new ArrayList<>();
    Optional<Configuration> own = Optional.empty();
    try {
      own = Optional.of(Configuration.read(others, host, ties));
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
    RacoonConf conf = parser.read();
    KeychainReader keychain = new KeychainReader(findings);
    Joining joining = joining(conf, keychain);
    readPsk(conf);
    problems.addAll(findings.problems());
    if (!problems.isEmpty() || own.isEmpty()) {
      secrets.forEach(each -> each.secret().close());
      own.ifPresent(Configuration::discard);
      throw new ConfigException(problems);
    }
    if (!hasRacoon && secrets.isEmpty()) {
      return own.get();
    }
    return joined(own.get(), joining, keychain);
  }

  private Joining joining(RacoonConf conf, KeychainReader keychain) {
    if (!hasRacoon) {
      return new Joining(List.of(), List.of(), List.of(), host);
    }
    Certificates certificates = new Certificates(conf, keychain);
    List<PeerPlan> peers = new ArrayList<>();
    Map<RemoteName, Remote> taken = new LinkedHashMap<>();
    conf.remotes().forEach(each -> taken.putIfAbsent(each.name(), each));
    for (Remote each : taken.values()) {
      if (each.address().filter(to -> to.address().isIpv4()).isPresent()) {
        findings.warn(
            each.word().place(),
            "remote " + each.name() + " is not used: peers are spoken to over IPv6 only");
      } else if (!each.proposals().isEmpty()) {
        PeerPlan.of(each, certificates, conf.keepAlive(), findings).ifPresent(peers::add);
      }
    }
    List<TrafficPlan> traffics = new ArrayList<>();
    for (Sainfo each : conf.sainfos()) {
      if (!each.encryption().isEmpty() && !each.authentication().isEmpty()) {
        TrafficPlan.of(each, findings).ifPresent(traffics::add);
      }
    }
    return new Joining(peers, traffics, conf.listen(), host);
  }

  /// Reads the keys that `path pre_shared_key` names, unless a file of them was named besides.
  private void readPsk(RacoonConf conf) {
    boolean wanted =
        conf.remotes().stream()
            .flatMap(remote -> remote.proposals().stream())
            .anyMatch(proposal -> proposal.authentication().text().equals("pre_shared_key"));
    if (hasPsk || !wanted) {
      return;
    }
    Optional<Value> named = Optional.ofNullable(conf.paths().get("pre_shared_key"));
    Path file = Path.of(named.map(Value::text).orElse(USUAL_PSK));
    Place place = named.map(Value::place).orElse(Place.of(file));
    try {
      secrets.addAll(PskFile.read(file, Files.readAllBytes(file), findings));
    } catch (NoSuchFileException e) {
      findings.problem(
          place, "pre_shared_key \"" + file + "\" (no such file)", "a file with a line PEER KEY");
    } catch (IOException e) {
      findings.problem(
          place, "pre_shared_key \"" + file + "\" (" + e + ")", "a file that can be read");
    }
  }

  private Configuration joined(Configuration own, Joining joining, KeychainReader keychain) {
    Keyed keyed = joining.of(own.byHand().policies(), own.byHand().ties());
    Secrets credentials = own.credentials().with(secrets, keychain.keychain());
    keyed.connections().forEach(each -> requireSecret(each, credentials));
    return new Configuration(
        Stream.concat(own.connections().stream(), keyed.connections().stream()).toList(),
        own.shunts(),
        credentials,
        own.pools(),
        own.byHand(),
        joining,
        Stream.of(own.warnings(), findings.warnings(), keyed.warnings())
            .<Warning>flatMap(List::stream)
            .toList());
  }

  private void requireSecret(Connection connection, Secrets credentials) {
    Optional<Identity> peer = connection.remoteId().or(() -> connection.remote().map(Identity::of));
    boolean lacks =
        connection.proofs().equals(Proofs.SHARED_KEY)
            && peer.filter(each -> credentials.preSharedKey(connection.localId(), each).isEmpty())
                .isPresent();
    if (lacks) {
      findings.warn(
          Place.of(Path.of("psk.txt")),
          "couldn't find the pskey for %s: a line with it and a key is missing"
              .formatted(peer.get()));
    }
  }
}
