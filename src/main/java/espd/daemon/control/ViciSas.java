package espd.daemon.control;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.End;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Traffic;
import espd.ike.Datagram;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// SAs as the messages of vici show them.
///
/// @param now what ages and remaining times are counted to
record ViciSas(Instant now) {

  private static final Pattern SIZED = Pattern.compile("(.*)_(128|192|256)");

  /// {@return what `list-sa` shows, under the IKE SA's name}
  ///
  /// @param body what is shown of `sa`
  Section named(IkeSa sa, Section body) {
    return Section.builder().section(ConnectionName.of(sa.connection()).ike(), body).build();
  }

  /// {@return an IKE SA with all its Child SAs}
  Section full(IkeSa sa) {
    return withChildren(sa, sa.children());
  }

  /// {@return an IKE SA with some of its Child SAs}
  Section withChildren(IkeSa sa, List<ChildSa> shown) {
    Section.Builder children = Section.builder();
    for (ChildSa child : shown) {
      children.section(
          ConnectionName.of(child.connection()).child() + "-" + child.id(), child(child));
    }
    return ikeSa(sa, children.build());
  }

  /// {@return an IKE SA}
  ///
  /// @param children what is shown of its Child SAs
  Section ikeSa(IkeSa sa, Section children) {
    Section.Builder section =
        Section.builder()
            .text("uniqueid", sa.id())
            .text("version", sa.version())
            .text("state", sa.state());
    end("local", sa.local(), section);
    end("remote", sa.remote(), section);
    section.text("initiator", sa.initiator() ? "yes" : "no");
    section.text("initiator-spi", String.format(Locale.ROOT, "%016x", sa.spiI()));
    section.text("responder-spi", String.format(Locale.ROOT, "%016x", sa.spiR()));
    suite(sa.suite(), section);
    sa.established().ifPresent(at -> section.text("established", since(at)));
    sa.rekey().ifPresent(at -> section.text("rekey-time", until(at)));
    return section
        .items("local-vips", texts(sa.assigned().local()))
        .items("remote-vips", texts(sa.assigned().remote()))
        .section("child-sas", children)
        .build();
  }

  private static List<String> texts(List<Ipv6Address> addresses) {
    return addresses.stream().map(Ipv6Address::toString).toList();
  }

  private static void end(String name, End end, Section.Builder section) {
    section.text(name + "-host", end.address());
    section.text(name + "-port", Datagram.portText(end.port()));
    section.text(name + "-id", end.identity());
  }

  /// {@return a Child SA}
  Section child(ChildSa child) {
    Section.Builder section =
        Section.builder()
            .text("name", ConnectionName.of(child.connection()).child())
            .text("uniqueid", child.id())
            .text("reqid", child.reqid())
            .text("state", child.state())
            .text("mode", child.mode())
            .text("protocol", "ESP");
    if (child.encapsulation().isPresent()) {
      section.text("encap", "yes");
    }
    section.text("spi-in", String.format(Locale.ROOT, "%08x", child.inbound().spi()));
    section.text("spi-out", String.format(Locale.ROOT, "%08x", child.outbound().spi()));
    cpi("in", child.inbound(), section);
    cpi("out", child.outbound(), section);
    suite(child.suite(), section);
    traffic("in", child.inbound(), section);
    traffic("out", child.outbound(), section);
    child.rekey().ifPresent(at -> section.text("rekey-time", until(at)));
    child.expires().ifPresent(at -> section.text("life-time", until(at)));
    section.text("install-time", since(child.installed()));
    return section
        .items("local-ts", ViciSelectors.local(child.selectors()))
        .items("remote-ts", ViciSelectors.remote(child.selectors()))
        .build();
  }

  private static void cpi(String direction, Traffic traffic, Section.Builder section) {
    traffic
        .ipcomp()
        .ifPresent(
            ipcomp ->
                section.text("cpi-" + direction, String.format(Locale.ROOT, "%04x", ipcomp.cpi())));
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
      } else if (part.matches("KE[1-7]_.+")) {
        section.text(part.substring(0, 3).toLowerCase(Locale.ROOT) + "-alg", part.substring(4));
      } else {
        section.text("dh-group", part);
      }
    }
  }

  private long since(Instant at) {
    return Math.max(0, Duration.between(at, now).toSeconds());
  }

  private long until(Instant at) {
    return Math.max(0, Duration.between(now, at).toSeconds());
  }
}
