package espd.daemon;

import espd.daemon.setkey.KernelError;
import espd.daemon.setkey.SaName;
import espd.daemon.setkey.Statement;
import espd.daemon.setkey.Ties;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Sadb;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SAs that people made by hand. Each is for the packets of the policies that it serves, as RFC
/// 4301 §4.4.2.1 wants it; in transport mode for all between its ends. One thread at a time.
final class ManualSas {

  private static final Logger LOG = LoggerFactory.getLogger(ManualSas.class);

  private final Sadb sadb;
  private final Set<Ipv6Address> listening;
  private final Ties ties;
  private final InstantSource clock;
  private final Map<SaName, Made> made = new LinkedHashMap<>();

  /// An SA and what it was made of.
  private record Made(Statement.Add of, Sa sa) {}

  /// @param listening the addresses that sockets are open at
  ManualSas(Sadb sadb, Set<Ipv6Address> listening, Ties ties, InstantSource clock) {
    this.sadb = sadb;
    this.listening = listening;
    this.ties = ties;
    this.clock = clock;
  }

  /// Makes an SA.
  ///
  /// @return why not, where it does not; the keys are wiped then
  Optional<KernelError> add(Statement.Add add) {
    Optional<KernelError> refusal = refusal(add);
    if (refusal.isPresent()) {
      add.discard();
      return refusal;
    }
    Sa sa = isOutbound(add) ? new OutboundSa(parameters(add)) : new InboundSa(parameters(add));
    made.put(add.name(), new Made(add, sa));
    sadb.install(sa);
    return Optional.empty();
  }

  private Optional<KernelError> refusal(Statement.Add add) {
    SaName name = add.name();
    boolean out = isOutbound(add);
    if (out == listening.contains(name.destination())) {
      return Optional.of(KernelError.ADDRESS_NOT_AVAILABLE);
    }
    boolean otherPort =
        add.encapsulation()
            .map(ports -> out ? ports.localPort() : ports.remotePort())
            .filter(port -> port != UdpEncapsulation.PORT)
            .isPresent();
    if (otherPort) {
      return Optional.of(KernelError.INVALID_ARGUMENT);
    }
    // What arrives is known by its SPI alone (RFC 4303 §2.1).
    boolean there =
        sadb.sad().all().stream()
            .filter(sa -> sa.spi() == name.spi() && (sa.direction() == Direction.OUTBOUND) == out)
            .anyMatch(sa -> !out || sa.parameters().remote().equals(name.destination()));
    return there ? Optional.of(KernelError.FILE_EXISTS) : Optional.empty();
  }

  private boolean isOutbound(Statement.Add add) {
    return listening.contains(add.name().source());
  }

  private SaParameters parameters(Statement.Add add) {
    SaName name = add.name();
    boolean out = isOutbound(add);
    Ipv6Address local = out ? name.source() : name.destination();
    Ipv6Address remote = out ? name.destination() : name.source();
    return new SaParameters(
        name.spi(),
        Ties.NAME,
        add.reqid() == 0 ? ties.byEnds(add.mode(), local, remote) : add.reqid(),
        add.mode(),
        local,
        remote,
        add.encapsulation().map(p -> out ? p : swapped(p)),
        add.keying().suite(),
        add.keying().encryptionKey(),
        add.keying().integrityKey(),
        false,
        add.replayWindow(),
        add.lifetime(),
        OuterTraffic.DEFAULT,
        List.of(between(local, remote)),
        clock.instant());
  }

  /// What is the source of an SA's packets is, where they arrive, the peer's.
  private static UdpEncapsulation swapped(UdpEncapsulation ports) {
    return new UdpEncapsulation(
        /* localPort= */ ports.remotePort(), /* remotePort= */ ports.localPort());
  }

  private static Selector between(Ipv6Address local, Ipv6Address remote) {
    return Selector.between(AddressRange.of(local), AddressRange.of(remote));
  }

  /// {@return those that send}
  List<SaParameters> sending() {
    if (!made.isEmpty()) {
      forgetEnded();
    }
    return made.values().stream()
        .map(Made::sa)
        .filter(sa -> sa.direction() == Direction.OUTBOUND)
        .map(Sa::parameters)
        .toList();
  }

  /// Takes SAs away.
  ///
  /// @return whether there was one
  boolean remove(Predicate<Sa> which) {
    List<Made> gone = made.values().stream().filter(each -> which.test(each.sa)).toList();
    for (Made each : gone) {
      made.remove(each.of.name());
      sadb.remove(each.sa);
    }
    return !gone.isEmpty();
  }

  /// Has each SA be for the packets of the policies that it serves.
  void serve(Collection<Policy> policies) {
    forgetEnded();
    for (Made each : made.values()) {
      SaParameters parameters = each.sa.parameters();
      if (parameters.mode() == Mode.TUNNEL) {
        List<Selector> selectors = served(parameters, policies);
        if (!selectors.equals(parameters.selectors())) {
          sadb.select(each.sa, selectors);
        }
      }
    }
  }

  /// What reached the end of its lifetime has left by itself, and its keys are wiped.
  private void forgetEnded() {
    Set<Sa> present = new HashSet<>(sadb.sad().all());
    made.values().removeIf(each -> !present.contains(each.sa));
  }

  private static List<Selector> served(SaParameters sa, Collection<Policy> policies) {
    Processing served = new Processing.Protect(sa.mode(), sa.local(), sa.remote(), sa.reqid());
    List<Selector> selectors =
        policies.stream()
            .filter(policy -> policy.processing().equals(served))
            .map(Policy::selector)
            .distinct()
            .toList();
    return selectors.isEmpty() ? List.of(between(sa.local(), sa.remote())) : selectors;
  }

  /// Replaces the SAs of files read before by those of files read now. Those that are the same go
  /// on counting.
  void replace(List<Statement.Add> before, List<Statement.Add> next) {
    forgetEnded();
    for (Statement.Add old : before) {
      boolean stays = next.stream().anyMatch(add -> isMade(add) && add.name().equals(old.name()));
      Optional<Made> present = Optional.ofNullable(made.get(old.name()));
      present.filter(_ -> !stays).ifPresent(each -> remove(sa -> sa == each.sa));
    }
    for (Statement.Add add : next) {
      if (isMade(add)) {
        add.discard();
        continue;
      }
      add(add)
          .ifPresent(error -> LOG.warn("line {}: {}: {}", add.where().line(), add.name(), error));
    }
  }

  private boolean isMade(Statement.Add add) {
    Made present = made.get(add.name());
    return present != null
        && present.of.mode() == add.mode()
        && present.of.encapsulation().equals(add.encapsulation())
        && present.of.reqid() == add.reqid()
        && present.of.replayWindow() == add.replayWindow()
        && present.of.lifetime().equals(add.lifetime())
        && present.of.keying().suite().equals(add.keying().suite())
        && same(present.of.keying().encryptionKey(), add.keying().encryptionKey())
        && same(present.of.keying().integrityKey(), add.keying().integrityKey());
  }

  private static boolean same(KeyMaterial one, KeyMaterial other) {
    return one.use(mine -> other.use(theirs -> MessageDigest.isEqual(mine, theirs)));
  }
}
