package espd.daemon.control;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.Configured;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Ring;
import espd.daemon.control.Snapshot.Traffic;
import espd.dataplane.AuditedDrop;
import espd.ike.Connection;
import espd.ike.Proofs.Proof;
import espd.spd.Ipcomp;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The daemon's state as strongSwan's `ipsec status` and `ipsec statusall` print it, and besides:
/// both SPIs with their direction, what encrypts, the rings, and packets dropped by reason.
///
/// @param snapshot what is shown
/// @param zone of the times shown
/// @param connection the only connection shown, or all
public record StatusFormat(Snapshot snapshot, ZoneId zone, Optional<String> connection) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM dd HH:mm:ss yyyy", Locale.ENGLISH);

  /// {@return what `ipsec status` prints}
  public String brief() {
    StringBuilder text = new StringBuilder();
    if (!snapshot.machine().cleartext().dropped()) {
      line(text, "Cleartext that must be protected %s", cleartext());
    }
    routed(text);
    associations(text, false);
    drops(text);
    return text.toString();
  }

  /// {@return what `ipsec statusall` prints}
  public String full() {
    StringBuilder text = new StringBuilder();
    header(text);
    connections(text);
    routed(text);
    associations(text, true);
    drops(text);
    lastDrops(text);
    return text.toString();
  }

  private void header(StringBuilder text) {
    Snapshot.Machine machine = snapshot.machine();
    line(
        text,
        "Status of espd (%s, %s %s, %s):",
        machine.version(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"));
    line(
        text,
        "  uptime: %s, since %s",
        span(Duration.between(snapshot.started(), snapshot.now())),
        TIME.format(snapshot.started().atZone(zone)));
    line(text, "  worker threads: %d, engine: %s", machine.workers(), machine.engine());
    if (!snapshot.rings().isEmpty()) {
      line(text, "  rings: %s", join(snapshot.rings(), StatusFormat::ring));
    }
    line(text, "  cleartext that must be protected %s", cleartext());
    line(text, "Listening IP addresses:");
    for (Ipv6Address address : machine.listening()) {
      line(text, "  %s", address);
    }
  }

  private String cleartext() {
    Snapshot.Cleartext cleartext = snapshot.machine().cleartext();
    return (cleartext.dropped() ? "is dropped: " : "is NOT dropped: ") + cleartext.detail();
  }

  private static String ring(Ring ring) {
    return ring.name() + " " + ring.used() + "/" + ring.size();
  }

  private void connections(StringBuilder text) {
    line(text, "Connections:");
    for (Configured configured : snapshot.connections()) {
      Connection each = configured.connection();
      if (!shown(each.name())) {
        continue;
      }
      String peer = each.remote().map(Ipv6Address::toString).orElse("%any");
      String watch =
          each.liveness().delay().isZero()
              ? ""
              : ", dpddelay=" + each.liveness().delay().toSeconds() + "s";
      line(
          text,
          "%12s:  %s...%s  %s%s",
          each.name(),
          each.local(),
          peer,
          ViciConnections.version(each),
          watch);
      end(text, each.name(), "local:  [" + each.localId() + "]", each.proofs().local());
      String remoteId = each.remoteId().map(Object::toString).orElse("%any");
      end(text, each.name(), "remote: [" + remoteId + "]", each.proofs().remote());
      line(text, "%12s:   child:  %s %s", each.name(), selectors(each.selectors()), each.mode());
    }
  }

  private static void end(StringBuilder text, String name, String who, Proof proof) {
    ProofText words = new ProofText(proof);
    line(text, "%12s:   %s %s", name, who, words.uses());
    words.certificates().stream()
        .limit(1)
        .forEach(each -> line(text, "%12s:    cert:  \"%s\"", name, each));
    words.authorities().forEach(each -> line(text, "%12s:    ca:    \"%s\"", name, each));
  }

  private void routed(StringBuilder text) {
    Predicate<Configured> isShown = each -> each.routed() && shown(each.connection().name());
    List<Configured> routed = snapshot.connections().stream().filter(isShown).toList();
    if (routed.isEmpty()) {
      return;
    }
    line(text, "Routed Connections:");
    for (Configured each : routed) {
      Connection conn = each.connection();
      line(text, "%12s:  ROUTED, %s, reqid %d", conn.name(), conn.mode(), conn.reqid());
      line(text, "%12s:   %s", conn.name(), selectors(conn.selectors()));
    }
  }

  private void associations(StringBuilder text, boolean full) {
    long up = snapshot.ikeSas().stream().filter(IkeSa::isUp).count();
    line(text, "Security Associations (%d up, %d connecting):", up, snapshot.ikeSas().size() - up);
    List<IkeSa> sas = snapshot.ikeSas().stream().filter(sa -> shown(sa.connection())).toList();
    if (sas.isEmpty()) {
      line(text, connection.isPresent() ? "  no match" : "  none");
    }
    for (IkeSa sa : sas) {
      ikeSa(text, sa, full);
      sa.children().forEach(child -> child(text, child, full));
    }
  }

  private void ikeSa(StringBuilder text, IkeSa sa, boolean full) {
    String since =
        sa.established()
            .map(at -> " " + span(Duration.between(at, snapshot.now())) + " ago")
            .orElse("");
    line(
        text,
        "%12s[%d]: %s%s, %s...%s",
        sa.connection(),
        sa.id(),
        sa.state(),
        since,
        end(sa.local()),
        end(sa.remote()));
    assigned(text, sa, "virtual IP", sa.assigned().local());
    assigned(text, sa, "virtual IP of the peer", sa.assigned().remote());
    assigned(text, sa, "DNS server", sa.assigned().dns());
    if (!full) {
      return;
    }
    line(
        text,
        "%12s[%d]: IKEv%d SPIs: %016x_i%s %016x_r%s%s",
        sa.connection(),
        sa.id(),
        sa.version(),
        sa.spiI(),
        sa.initiator() ? "*" : "",
        sa.spiR(),
        sa.initiator() ? "" : "*",
        rekeying(sa.rekey()));
    if (!sa.suite().isEmpty()) {
      line(text, "%12s[%d]: IKE proposal: %s", sa.connection(), sa.id(), sa.suite());
    }
  }

  private static void assigned(
      StringBuilder text, IkeSa sa, String what, List<Ipv6Address> addresses) {
    for (Ipv6Address address : addresses) {
      line(text, "%12s[%d]: %s %s", sa.connection(), sa.id(), what, address);
    }
  }

  private static String end(Snapshot.End end) {
    return end.address() + "[" + (end.identity().isEmpty() ? "%any" : end.identity()) + "]";
  }

  private void child(StringBuilder text, ChildSa child, boolean full) {
    String name = String.format(Locale.ROOT, "%12s{%d}:", child.connection(), child.id());
    line(
        text,
        "%s  %s, %s, reqid %d, ESP %sSPIs: %08x_i %08x_o%s",
        name,
        child.state(),
        child.mode(),
        child.reqid(),
        child.encapsulation().map(in -> "in " + in.carrier() + " ").orElse(""),
        child.inbound().spi(),
        child.outbound().spi(),
        cpis(child));
    line(
        text,
        "%s   inbound SPI %s, outbound SPI %s",
        name,
        child.inbound().spiText(),
        child.outbound().spiText());
    if (full) {
      line(
          text,
          "%s  %s, %s, %s%s%s",
          name,
          child.suite(),
          traffic(child.inbound(), "i"),
          traffic(child.outbound(), "o"),
          rekeying(child.rekey()),
          pathMtu(child));
    }
    line(text, "%s   %s", name, selectors(child.selectors()));
  }

  private static String cpis(ChildSa child) {
    Optional<Ipcomp> in = child.inbound().ipcomp();
    Optional<Ipcomp> out = child.outbound().ipcomp();
    return in.isEmpty() || out.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT, ", IPCOMP CPIs: %04x_i %04x_o", in.get().cpi(), out.get().cpi());
  }

  private String traffic(Traffic traffic, String direction) {
    String bytes = traffic.bytes() + " bytes_" + direction;
    if (traffic.packets() == 0) {
      return bytes;
    }
    String packets = traffic.packets() + (traffic.packets() == 1 ? " pkt" : " pkts");
    String ago =
        traffic
            .lastUsed()
            .map(at -> ", " + Duration.between(at, snapshot.now()).toSeconds() + "s ago")
            .orElse("");
    return bytes + " (" + packets + ago + ")";
  }

  private String rekeying(Optional<Instant> rekey) {
    return rekey
        .map(at -> ", rekeying in " + span(Duration.between(snapshot.now(), at)))
        .orElse(", rekeying disabled");
  }

  private static String pathMtu(ChildSa child) {
    return child.pathMtuOctets().isPresent()
        ? ", path MTU " + child.pathMtuOctets().getAsInt()
        : "";
  }

  private void drops(StringBuilder text) {
    List<String> reasons =
        snapshot.drops().entrySet().stream()
            .filter(drop -> drop.getValue() > 0)
            .map(drop -> String.format(Locale.ROOT, "  %-24s %d", drop.getKey(), drop.getValue()))
            .sorted()
            .toList();
    if (!reasons.isEmpty()) {
      line(text, "Dropped packets:");
      reasons.forEach(reason -> line(text, "%s", reason));
    }
  }

  private void lastDrops(StringBuilder text) {
    if (!snapshot.lastDrops().isEmpty()) {
      line(text, "Last dropped packets:");
    }
    for (AuditedDrop drop : snapshot.lastDrops()) {
      line(
          text,
          "  %s %s %s ago: %s, sequence %s, local %s, remote %s",
          drop.direction().name().toLowerCase(Locale.ROOT),
          drop.reason().metricName(),
          span(Duration.between(drop.at(), snapshot.now())),
          drop.association(),
          Long.toUnsignedString(drop.sequence()),
          drop.local(),
          drop.remote());
    }
  }

  private boolean shown(String name) {
    return connection.isEmpty() || connection.get().equals(name);
  }

  private static String selectors(List<Selector> selectors) {
    return selectors.stream().map(Selector::toString).collect(Collectors.joining(", "));
  }

  private static <T> String join(List<T> all, Function<T, String> text) {
    return all.stream().map(text).collect(Collectors.joining(", "));
  }

  /// {@return a span of time in the unit that gives two of them or more}
  static String span(Duration span) {
    long seconds = Math.max(0, span.toSeconds());
    if (seconds > 2 * 86_400) {
      return count(seconds / 86_400, "day");
    }
    if (seconds > 2 * 3_600) {
      return count(seconds / 3_600, "hour");
    }
    return seconds > 2 * 60 ? count(seconds / 60, "minute") : count(seconds, "second");
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
