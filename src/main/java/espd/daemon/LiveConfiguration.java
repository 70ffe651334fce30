package espd.daemon;

import espd.daemon.LoadedCredentials.Sight;
import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.config.Secrets;
import espd.daemon.config.SwanctlReader;
import espd.daemon.config.Warning;
import espd.daemon.control.CredentialLoading;
import espd.daemon.control.Happening;
import espd.daemon.control.Happening.Group;
import espd.daemon.control.Happening.Level;
import espd.daemon.control.Happenings;
import espd.daemon.control.Loading;
import espd.daemon.control.Operations.Outcome;
import espd.daemon.racoon.ConfigurationFiles;
import espd.daemon.setkey.ByHand;
import espd.daemon.setkey.KeptPolicies;
import espd.ike.Connection;
import espd.ike.Connection.Start;
import espd.ike.driver.Ike;
import espd.ike.pool.Pools;
import espd.spd.Ipv6Address;
import espd.spd.Reqid;
import espd.spd.Sa;
import espd.spd.Sadb;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the daemon does, from its files and from the control socket, and how that changes while it
/// runs.
///
/// Connections that stay the same are not touched. Policies of new ones stand before those of old
/// ones go, so that nothing leaves in the clear between; then the SAs of old ones are closed. For
/// any thread.
final class LiveConfiguration implements Loading {

  private static final Logger LOG = LoggerFactory.getLogger(LiveConfiguration.class);

  /// Connections that can be loaded besides those of the files.
  private static final int MOST = 4096;

  private final Supplier<List<Path>> files;
  private final Parts parts;
  private final LoadedCredentials credentials;
  private final SetkeyDatabases setkey;
  private Map<String, List<Connection>> loaded = Map.of();
  private final Set<String> withdrawn = new HashSet<>();
  private final StandingPolicies standing;
  private Configuration read;
  private Set<Integer> tied;
  private volatile List<Connection> connections;

  /// What follows the configuration.
  ///
  /// @param happenings are told of changes
  /// @param listening the addresses that sockets are open at
  record Parts(
      Sadb sadb,
      Ike ike,
      ProtectedTraffic traffic,
      Host host,
      Sight sight,
      Pools pools,
      Happenings happenings,
      Set<Ipv6Address> listening) {

    Parts {
      listening = Set.copyOf(listening);
    }
  }

  /// Peers may ask for the connections of `first` from now on; what they start themselves starts
  /// with [#begin()].
  ///
  /// @param files that are read now and at a reload
  /// @param kept what setkey's command keeps
  LiveConfiguration(
      Supplier<List<Path>> files, Configuration first, Parts parts, KeptPolicies kept) {
    this.files = files;
    this.setkey =
        new SetkeyDatabases(
            first.byHand(),
            new SetkeyDatabases.Parts(
                parts.sadb(),
                parts.traffic(),
                which -> terminate(which, parts.ike()),
                parts.listening(),
                kept,
                InstantSource.system()));
    this.read = first;
    this.tied = first.byHand().reqids();
    this.parts = parts;
    this.connections = first.connections();
    this.standing = new StandingPolicies(parts.traffic());
    this.credentials =
        new LoadedCredentials(parts.sight(), first.credentials(), this, this::settle);
    parts.pools().read(first.pools()).ifPresent(why -> LOG.warn("{}", why));
    parts.traffic().know(withPoliciesOfTheirOwn());
    settle();
  }

  /// IKE knows the connections then, and looks at nothing it looked at before.
  private void settle() {
    parts.ike().load(connections).join();
  }

  /// Does what each connection says about its start.
  synchronized void begin() {
    parts.traffic().replace(List.of(), StandingPolicies.of(read.shunts()));
    setkey.begin();
    begin(new Difference(List.of(), connections));
  }

  /// {@return those in force, first those of the files}
  List<Connection> connections() {
    return connections;
  }

  private static void terminate(Predicate<Sa> which, Ike ike) {
    ike.terminate(
            (ikeSa, child) -> which.test(child.inbound()) || which.test(child.outbound()),
            SetkeyDatabases.PATIENCE,
            line -> LOG.debug("{}", line))
        .join();
  }

  /// Those that setkey's policies stand for bring none.
  private List<Connection> withPoliciesOfTheirOwn() {
    return connections.stream().filter(each -> !tied.contains(each.reqid())).toList();
  }

  /// Has IKE follow the policies that setkey has changed.
  synchronized void follow() {
    for (Warning each : read.keying().of(setkey.policies(), setkey.ties()).warnings()) {
      if (!read.warnings().contains(each)) {
        LOG.warn("{}", each);
      }
    }
    try {
      LOG.debug("setkey's policies: {}", change(read, loaded));
    } catch (UnfitException e) {
      say(Level.WARNING, "IKE does not follow setkey's policies: " + e.getMessage());
    }
  }

  /// {@return what setkey's statements are done with}
  SetkeyDatabases setkey() {
    return setkey;
  }

  /// {@return the addresses that sockets are open at}
  List<Ipv6Address> listening() {
    return parts.listening().stream().sorted(Comparator.comparing(Ipv6Address::toString)).toList();
  }

  @Override
  public synchronized Outcome reload() {
    withdrawn.clear();
    return reread();
  }

  @Override
  public synchronized Outcome withdraw(String connection) {
    withdrawn.add(connection);
    try {
      say(Level.STEP, "withdrew connection " + connection + ": " + change(read, loaded));
      return Outcome.done("");
    } catch (UnfitException e) {
      return Outcome.failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public synchronized Outcome restore(String connection) {
    withdrawn.remove(connection);
    return reread();
  }

  private Outcome reread() {
    Configuration next;
    try {
      next = ConfigurationFiles.read(files.get(), host(), setkey.ties());
    } catch (ConfigException e) {
      return notReloaded(e);
    }
    next.warnings().forEach(warning -> LOG.warn("{}", warning));
    Configuration before = read;
    Optional<String> hindrance = parts.pools().read(next.pools());
    if (hindrance.isPresent()) {
      next.discard();
      return notReloaded(new UnfitException(hindrance.get()));
    }
    try {
      Difference difference = change(next, loaded);
      parts
          .traffic()
          .replace(StandingPolicies.of(before.shunts()), StandingPolicies.of(next.shunts()));
      setkey.become(next.byHand());
      say(Level.STEP, "reloaded: " + difference);
      return Outcome.done(difference.toString());
    } catch (UnfitException e) {
      var _ = parts.pools().read(before.pools());
      next.discard();
      return notReloaded(e);
    }
  }

  private HostView host() {
    return parts.host().view(parts.listening());
  }

  private Outcome notReloaded(Exception why) {
    say(Level.WARNING, "the files are not used, all stays as it is: " + why.getMessage());
    return Outcome.failed(String.valueOf(why.getMessage()));
  }

  private void say(Level level, String text) {
    switch (level) {
      case STEP -> LOG.info("{}", text);
      case WARNING -> LOG.warn("{}", text);
    }
    parts
        .happenings()
        .tell(new Happening.Line(Instant.now(), Group.CFG, level, "", OptionalInt.empty(), text));
  }

  @Override
  public synchronized Outcome load(String name, Map<String, List<String>> keys) {
    try {
      SwanctlReader.Loaded next = SwanctlReader.read(name, keys, host(), credentials.keychain());
      for (Warning warning : next.warnings()) {
        LOG.warn("{}", warning);
      }
      if (loaded.size() >= MOST && !loaded.containsKey(name)) {
        return Outcome.failed("more than " + MOST + " connections are loaded; unload one");
      }
      Map<String, List<Connection>> others = new LinkedHashMap<>(loaded);
      others.put(name, next.connections());
      Difference difference = change(read, others);
      say(Level.STEP, "loaded connection " + name + ": " + difference);
      return Outcome.done(difference.toString());
    } catch (ConfigException | UnfitException e) {
      say(Level.WARNING, "connection " + name + " is not loaded: " + e.getMessage());
      return Outcome.failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public synchronized Outcome unload(String name) {
    if (!loaded.containsKey(name)) {
      return Outcome.failed("no connection named '" + name + "' is loaded");
    }
    Map<String, List<Connection>> others = new LinkedHashMap<>(loaded);
    others.remove(name);
    try {
      say(Level.STEP, "unloaded connection " + name + ": " + change(read, others));
      return Outcome.done("");
    } catch (UnfitException e) {
      return Outcome.failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public synchronized List<String> loaded() {
    return List.copyOf(loaded.keySet());
  }

  /// Connections that cannot be used together, or on this host as it was found.
  private static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitException(String message) {
      super(message);
    }
  }

  private Difference change(Configuration nextRead, Map<String, List<Connection>> nextLoaded)
      throws UnfitException {
    ByHand byHand =
        nextRead.equals(read) ? nextRead.byHand().with(setkey.policies()) : nextRead.byHand();
    List<Connection> wanted =
        Stream.concat(
                nextRead.connections(byHand.policies()).stream()
                    .filter(each -> !withdrawn.contains(each.name())),
                nextLoaded.values().stream().flatMap(List::stream))
            .toList();
    List<Connection> next = Reqids.settled(wanted, connections);
    requireFit(next);
    Difference difference = Difference.between(connections, next);
    Secrets before = read.credentials();
    read = nextRead;
    loaded = nextLoaded;
    connections = next;
    tied = byHand.reqids();
    parts.traffic().know(withPoliciesOfTheirOwn());
    parts.host().pathMtu().lead(next);
    credentials.become(nextRead.credentials());
    settle();
    if (before != nextRead.credentials()) {
      // IKE has done something since, so it no longer looks at a secret of before.
      before.close();
    }
    begin(difference);
    return difference;
  }

  private void requireFit(List<Connection> next) throws UnfitException {
    Set<String> names = new LinkedHashSet<>();
    Set<Integer> reqids = new LinkedHashSet<>();
    for (Connection each : next) {
      if (!names.add(each.name())) {
        throw new UnfitException(
            "two connections are named '%s'; a file and the control socket may not name the same"
                .formatted(each.name()));
      }
      if (!reqids.add(each.reqid()) && !Reqid.isByEnds(each.reqid())) {
        throw new UnfitException(
            "two connections have reqid %d, one of them %s".formatted(each.reqid(), each.name()));
      }
      if (!parts.listening().contains(each.local())) {
        throw new UnfitException(
            ("connection %s speaks from %s, where no socket is open since the start;"
                    + " start espd anew, or with --listen %s")
                .formatted(each.name(), each.local(), each.local()));
      }
    }
  }

  /// New policies first, then no old ones, then no old SAs, then new SAs.
  private void begin(Difference difference) {
    List<Connection> routed =
        difference.fresh().stream()
            .filter(fresh -> fresh.start() == Start.ROUTE && !tied.contains(fresh.reqid()))
            .toList();
    standing.replace(difference.gone(), routed);
    difference.gone().stream()
        .map(gone -> parts.ike().terminate(gone.name(), line -> {}))
        .toList()
        .forEach(future -> future.join());
    difference.fresh().stream().filter(c -> c.start() == Start.START).forEach(this::initiate);
  }

  private void initiate(Connection connection) {
    String name = connection.name();
    var _ =
        parts
            .ike()
            .initiate(name, line -> LOG.atDebug().addKeyValue("connection", name).log(line))
            .thenAccept(
                outcome -> LOG.atInfo().addKeyValue("connection", name).log(outcome.text()));
  }

  @Override
  public synchronized Outcome install(String connection) {
    return connections.stream()
        .filter(each -> each.name().equals(connection))
        .findFirst()
        .map(standing::install)
        .orElseGet(() -> Outcome.failed("no config named '" + connection + "'"));
  }

  @Override
  public synchronized Outcome uninstall(String connection) {
    return standing.uninstall(connection);
  }

  @Override
  public synchronized List<String> installed() {
    return standing.connections();
  }

  @Override
  public Pools pools() {
    return parts.pools();
  }

  @Override
  public CredentialLoading credentials() {
    return credentials;
  }
}
