package espd.daemon;

import espd.daemon.cli.Version;
import espd.daemon.config.Configuration;
import espd.daemon.control.Snapshot;
import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.Cleartext;
import espd.daemon.control.Snapshot.Configured;
import espd.daemon.control.Snapshot.End;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Machine;
import espd.daemon.control.Snapshot.Ring;
import espd.daemon.control.Snapshot.Traffic;
import espd.dataplane.DataPlane;
import espd.dataplane.DataPlaneConfiguration.Sizes;
import espd.dataplane.DropReason;
import espd.ike.Connection;
import espd.ike.crypto.Role;
import espd.ike.driver.ChildSaView;
import espd.ike.driver.IkeSaView;
import espd.spd.Direction;
import espd.spd.Lifetime;
import espd.spd.OutboundSa;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Sadb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// Puts together, at one instant, what people are shown of the daemon.
///
/// @param now the instant
/// @param started when the daemon was
/// @param configuration what it does
/// @param sadb where SAs count
/// @param enforcement what keeps cleartext out
record Survey(
    Instant now, Instant started, Configuration configuration, Sadb sadb, Enforcement enforcement) {

  Snapshot of(List<IkeSaView> ikeSas, DataPlane dataPlane) {
    return new Snapshot(
        now,
        started,
        new Machine(
            Version.text(),
            dataPlane.engineName(),
            Sizes.ofHost().workers(),
            configuration.connections().stream().map(Connection::local).distinct().toList(),
            cleartext()),
        configuration.connections().stream().map(this::configured).toList(),
        ikeSas.stream().map(this::ikeSa).toList(),
        drops(dataPlane),
        rings(dataPlane),
        dataPlane.lastDrops());
  }

  private Cleartext cleartext() {
    Enforcement.State state = enforcement.state();
    return new Cleartext(state.inForce(), state.detail());
  }

  private Configured configured(Connection connection) {
    boolean routed =
        sadb.spd().entries().stream()
            .map(entry -> entry.policy().processing())
            .anyMatch(p -> p instanceof Processing.Protect to && to.reqid() == connection.reqid());
    return new Configured(connection, routed);
  }

  private IkeSa ikeSa(IkeSaView view) {
    Optional<IkeSaView.Details> details = view.established();
    return new IkeSa(
        view.serial(),
        view.connection(),
        state(view),
        details.map(d -> d.role() == Role.INITIATOR).orElse(true),
        new End(
            view.path().local(),
            view.path().localPort(),
            details.map(d -> d.localId().toString()).orElse("")),
        new End(
            view.path().remote(),
            view.path().remotePort(),
            details.map(d -> d.remoteId().toString()).orElse("")),
        details.map(IkeSaView.Details::spiI).orElse(view.localSpi()),
        details.map(IkeSaView.Details::spiR).orElse(0L),
        details.map(IkeSaView.Details::suite).orElse(""),
        details.map(IkeSaView.Details::since),
        details.flatMap(IkeSaView.Details::rekeyAt),
        details.map(IkeSaView.Details::children).orElse(List.of()).stream()
            .flatMap(child -> childSa(child, view).stream())
            .toList());
  }

  private static String state(IkeSaView view) {
    return view.established()
        .map(details -> details.replaced() ? "REKEYED" : "ESTABLISHED")
        .orElse("CONNECTING");
  }

  /// {@return nothing when the Child SA has left the SAD since it was listed}
  private Optional<ChildSa> childSa(ChildSaView child, IkeSaView ikeSa) {
    Optional<Sa> in = sa(Direction.INBOUND, child.inboundSpi(), ikeSa);
    Optional<Sa> out = sa(Direction.OUTBOUND, child.outboundSpi(), ikeSa);
    if (in.isEmpty() || out.isEmpty()) {
      return Optional.empty();
    }
    Lifetime lifetime = in.get().parameters().lifetime();
    return Optional.of(
        new ChildSa(
            child.serial(),
            child.connection(),
            child.rekeyed() ? "REKEYED" : "INSTALLED",
            child.mode(),
            child.reqid(),
            child.encapsulation().isPresent(),
            child.suite() + (child.esn() ? "/ESN" : ""),
            traffic(in.get()),
            traffic(out.get()),
            child.established(),
            after(child.established(), lifetime.softSeconds()),
            after(child.established(), lifetime.hardSeconds()),
            pathMtu(out.get()),
            child.selectors()));
  }

  private Optional<Sa> sa(Direction direction, int spi, IkeSaView ikeSa) {
    return sadb.sad().all().stream()
        .filter(sa -> sa.direction() == direction && sa.spi() == spi)
        .filter(sa -> isOf(sa.parameters(), ikeSa))
        .findFirst();
  }

  private static boolean isOf(SaParameters parameters, IkeSaView ikeSa) {
    return parameters.remote().equals(ikeSa.path().remote());
  }

  private static OptionalInt pathMtu(Sa sa) {
    return sa instanceof OutboundSa out && out.pathMtu() != OutboundSa.PATH_MTU_UNKNOWN
        ? OptionalInt.of(out.pathMtu())
        : OptionalInt.empty();
  }

  private static Traffic traffic(Sa sa) {
    Optional<Instant> lastUsed =
        sa.lastUsedMillis() == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(sa.lastUsedMillis()));
    return new Traffic(sa.spi(), sa.bytes(), sa.packets(), lastUsed);
  }

  private static Optional<Instant> after(Instant start, long seconds) {
    return seconds == 0 ? Optional.empty() : Optional.of(start.plusSeconds(seconds));
  }

  private Map<String, Long> drops(DataPlane dataPlane) {
    Map<String, Long> drops = new TreeMap<>();
    long cleartext = enforcement.dropped();
    if (cleartext > 0) {
      drops.put(name(Direction.INBOUND) + " " + Enforcement.REASON, cleartext);
    }
    for (Direction direction : Direction.values()) {
      for (DropReason reason : DropReason.values()) {
        long count = dataPlane.drops(direction, reason);
        if (count > 0) {
          drops.put(name(direction) + " " + reason.metricName(), count);
        }
      }
    }
    return drops;
  }

  private static List<Ring> rings(DataPlane dataPlane) {
    List<Ring> rings = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      rings.add(new Ring(name(direction), dataPlane.ringUsed(direction), dataPlane.ringCapacity()));
    }
    return rings;
  }

  private static String name(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }
}
