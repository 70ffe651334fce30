package espd.daemon.control;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.Configured;
import espd.daemon.control.Snapshot.End;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Traffic;
import espd.ike.Connection;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The daemon's state as the messages of vici's `version`, `stats`, `list-sa` and `list-conn`.
///
/// @param snapshot what is shown
record ViciListing(Snapshot snapshot) {

  private static final Pattern SIZED = Pattern.compile("(.*)_(128|192|256)");

  Section version() {
    return Section.builder()
        .text("daemon", "espd")
        .text("version", snapshot.machine().version())
        .text("sysname", System.getProperty("os.name"))
        .text("release", System.getProperty("os.version"))
        .text("machine", System.getProperty("os.arch"))
        .build();
  }

  Section stats() {
    long up = snapshot.ikeSas().stream().filter(IkeSa::isUp).count();
    Section.Builder drops = Section.builder();
    snapshot.drops().forEach(drops::text);
    return Section.builder()
        .section(
            "uptime",
            Section.builder()
                .text(
                    "running",
                    StatusFormat.span(Duration.between(snapshot.started(), snapshot.now())))
                .text("since", snapshot.started())
                .build())
        .section("workers", Section.builder().text("total", snapshot.machine().workers()).build())
        .section(
            "ikesas",
            Section.builder()
                .text("total", snapshot.ikeSas().size())
                .text("half-open", snapshot.ikeSas().size() - up)
                .build())
        .items("plugins", List.of(snapshot.machine().engine()))
        .section("drops", drops.build())
        .section(
            "cleartext",
            Section.builder()
                .text("dropped", snapshot.machine().cleartext().dropped() ? "yes" : "no")
                .text("detail", snapshot.machine().cleartext().detail())
                .build())
        .build();
  }

  /// {@return one connection as `list-conn` shows it}
  Section connection(Configured configured) {
    Connection conn = configured.connection();
    String peer = conn.remote().map(Ipv6Address::toString).orElse("%any");
    Section child =
        Section.builder()
            .text("mode", conn.mode())
            .items("local-ts", local(conn.selectors()))
            .items("remote-ts", remote(conn.selectors()))
            .build();
    Section.Builder section =
        Section.builder()
            .items("local_addrs", List.of(conn.local().toString()))
            .items("remote_addrs", List.of(peer))
            .text("version", "IKEv2")
            .text("rekey_time", conn.ikeLifetime().lifetime().toSeconds());
    if (!conn.liveness().delay().isZero()) {
      section.text("dpd_delay", conn.liveness().delay().toSeconds());
    }
    return Section.builder()
        .section(
            conn.name(),
            section
                .section("local-1", authentication(conn.localId().toString()))
                .section(
                    "remote-1",
                    authentication(conn.remoteId().map(Object::toString).orElse("%any")))
                .section("children", Section.builder().section(conn.name(), child).build())
                .build())
        .build();
  }

  private static Section authentication(String identity) {
    return Section.builder().text("class", "pre-shared key").text("id", identity).build();
  }

  /// {@return one IKE SA with its Child SAs as `list-sa` shows it}
  Section ikeSa(IkeSa sa) {
    Section.Builder section =
        Section.builder().text("uniqueid", sa.id()).text("version", 2).text("state", sa.state());
    end("local", sa.local(), section);
    end("remote", sa.remote(), section);
    section.text("initiator", sa.initiator() ? "yes" : "no");
    section.text("initiator-spi", String.format(Locale.ROOT, "%016x", sa.spiI()));
    section.text("responder-spi", String.format(Locale.ROOT, "%016x", sa.spiR()));
    suite(sa.suite(), section);
    sa.established().ifPresent(at -> section.text("established", since(at)));
    sa.rekey().ifPresent(at -> section.text("rekey-time", until(at)));
    Section.Builder children = Section.builder();
    for (ChildSa child : sa.children()) {
      children.section(child.connection() + "-" + child.id(), child(child));
    }
    section.section("child-sas", children.build());
    return Section.builder().section(sa.connection(), section.build()).build();
  }

  private static void end(String name, End end, Section.Builder section) {
    section.text(name + "-host", end.address());
    section.text(name + "-port", end.port());
    section.text(name + "-id", end.identity());
  }

  private Section child(ChildSa child) {
    Section.Builder section =
        Section.builder()
            .text("name", child.connection())
            .text("uniqueid", child.id())
            .text("reqid", child.reqid())
            .text("state", child.state())
            .text("mode", child.mode())
            .text("protocol", "ESP");
    if (child.inUdp()) {
      section.text("encap", "yes");
    }
    section.text("spi-in", String.format(Locale.ROOT, "%08x", child.inbound().spi()));
    section.text("spi-out", String.format(Locale.ROOT, "%08x", child.outbound().spi()));
    suite(child.suite(), section);
    traffic("in", child.inbound(), section);
    traffic("out", child.outbound(), section);
    child.rekey().ifPresent(at -> section.text("rekey-time", until(at)));
    child.expires().ifPresent(at -> section.text("life-time", until(at)));
    section.text("install-time", since(child.installed()));
    return section
        .items("local-ts", local(child.selectors()))
        .items("remote-ts", remote(child.selectors()))
        .build();
  }

  private void traffic(String direction, Traffic traffic, Section.Builder section) {
    section.text("bytes-" + direction, traffic.bytes());
    section.text("packets-" + direction, traffic.packets());
    traffic.lastUsed().ifPresent(at -> section.text("use-" + direction, since(at)));
  }

  private static void suite(String suite, Section.Builder section) {
    for (String part : suite.isEmpty() ? new String[0] : suite.split("/", -1)) {
      Matcher sized = SIZED.matcher(part);
      if (part.startsWith("PRF_")) {
        section.text("prf-alg", part);
      } else if (part.startsWith("HMAC_")) {
        section.text("integ-alg", part);
      } else if (!section.has("encr-alg")) {
        section.text("encr-alg", sized.matches() ? sized.group(1) : part);
        if (sized.matches()) {
          section.text("encr-keysize", sized.group(2));
        }
      } else {
        section.text("dh-group", part);
      }
    }
  }

  private long since(Instant at) {
    return Math.max(0, Duration.between(at, snapshot.now()).toSeconds());
  }

  private long until(Instant at) {
    return Math.max(0, Duration.between(snapshot.now(), at).toSeconds());
  }

  private static List<String> local(List<Selector> selectors) {
    return texts(selectors, (selector, all) -> text(selector.local(), selector.localPorts(), all));
  }

  private static List<String> remote(List<Selector> selectors) {
    return texts(
        selectors, (selector, all) -> text(selector.remote(), selector.remotePorts(), all));
  }

  private static List<String> texts(
      List<Selector> selectors, BiFunction<Selector, Integer, String> text) {
    return selectors.stream().map(each -> text.apply(each, each.protocol())).distinct().toList();
  }

  private static String text(AddressRange addresses, PortRange ports, int protocol) {
    Optional<String> port =
        ports.equals(PortRange.ANY) ? Optional.empty() : Optional.of("/" + ports);
    boolean any = protocol == Selector.ANY_PROTOCOL && port.isEmpty();
    return any ? addresses.toString() : addresses + "[" + protocol + port.orElse("") + "]";
  }
}
