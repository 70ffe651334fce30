package espd.daemon;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.End;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Traffic;
import espd.ike.Assigned;
import espd.ike.crypto.Role;
import espd.ike.driver.ChildSaView;
import espd.ike.driver.IkeSaView;
import espd.spd.Lifetime;
import espd.spd.OutboundSa;
import espd.spd.Sa;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What people are shown of an SA, with its figures as they are now.
final class SaPortrait {

  private SaPortrait() {}

  /// {@return an IKE SA with its Child SAs}
  static IkeSa of(IkeSaView view) {
    Optional<IkeSaView.Details> details = view.established();
    return new IkeSa(
        view.version(),
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
        details.map(IkeSaView.Details::assigned).orElse(Assigned.NONE),
        details.map(IkeSaView.Details::children).orElse(List.of()).stream()
            .map(SaPortrait::of)
            .toList());
  }

  private static String state(IkeSaView view) {
    return view.established()
        .map(details -> details.replaced() ? "REKEYED" : "ESTABLISHED")
        .orElse("CONNECTING");
  }

  /// {@return a Child SA}
  static ChildSa of(ChildSaView child) {
    Lifetime lifetime = child.inbound().parameters().lifetime();
    return new ChildSa(
        child.serial(),
        child.connection(),
        child.rekeyed() ? "REKEYED" : "INSTALLED",
        child.mode(),
        child.reqid(),
        child.encapsulation(),
        child.suite() + (child.esn() ? "/ESN" : ""),
        traffic(child.inbound()),
        traffic(child.outbound()),
        child.established(),
        after(child.established(), lifetime.softSeconds()),
        after(child.established(), lifetime.hardSeconds()),
        pathMtu(child.outbound()),
        child.selectors());
  }

  private static OptionalInt pathMtu(OutboundSa sa) {
    return sa.pathMtu() == OutboundSa.PATH_MTU_UNKNOWN
        ? OptionalInt.empty()
        : OptionalInt.of(sa.pathMtu());
  }

  private static Traffic traffic(Sa sa) {
    Optional<Instant> lastUsed =
        sa.lastUsedMillis() == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(sa.lastUsedMillis()));
    return new Traffic(sa.spi(), sa.parameters().ipcomp(), sa.bytes(), sa.packets(), lastUsed);
  }

  private static Optional<Instant> after(Instant start, long seconds) {
    return seconds == 0 ? Optional.empty() : Optional.of(start.plusSeconds(seconds));
  }
}
