package espd.daemon.control;

import espd.dataplane.DropReason;
import espd.dataplane.PacketTrace;
import espd.dataplane.PacketTrace.Bypassed;
import espd.dataplane.PacketTrace.Dropped;
import espd.dataplane.PacketTrace.Expected;
import espd.dataplane.PacketTrace.Fate;
import espd.dataplane.PacketTrace.Held;
import espd.dataplane.PacketTrace.Sent;
import espd.dataplane.Probe;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Lifetime;
import espd.spd.OutboundSa;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SaParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/// The command `espd-trace`: which policy and SA a packet would meet.
///
/// ```
///  request    { src, dst: addresses; protocol: 0 to 255; source, destination: ports, or type and
///               code of ICMP; octets: of the packet; in: whether it arrives }
///  response   { success, packet, policy { … }, sa { … }, path { … }, drop { … }, verdict }
/// ```
///
/// Sections that say nothing of a packet are left out.
///
/// @param tracer the daemon
/// @param now the time of the question
record TraceCommand(BiFunction<Direction, Probe, Traced> tracer, Instant now) {

  Section answer(Section request) {
    try {
      Direction direction = request.text("in").isPresent() ? Direction.INBOUND : Direction.OUTBOUND;
      return listing(direction, tracer.apply(direction, probe(request)));
    } catch (IllegalArgumentException e) {
      return ViciAnswers.refusal(String.valueOf(e.getMessage()));
    }
  }

  private static Probe probe(Section request) {
    return new Probe(
        Ipv6Address.parseEither(request.text("src").orElse("")),
        Ipv6Address.parseEither(request.text("dst").orElse("")),
        number(request, "protocol", 0),
        number(request, "source", 0),
        number(request, "destination", 0),
        number(request, "octets", Probe.LEAST_OCTETS));
  }

  private static int number(Section request, String name, int otherwise) {
    return request.text(name).map(Integer::parseInt).orElse(otherwise);
  }

  private Section listing(Direction direction, Traced traced) {
    PacketTrace packet = traced.packet();
    Section.Builder answer = Section.builder().text("success", "yes");
    answer.text("packet", packet.text());
    answer.text("direction", direction.name().toLowerCase(Locale.ROOT));
    if (packet.place() > 0) {
      answer.section("policy", policy(packet));
    }
    switch (packet.fate()) {
      case Sent sent -> {
        answer.section("sa", sa(sent.sa()));
        answer.section("path", path(sent));
      }
      case Expected(Optional<?> sa) -> {
        if (sa.isPresent() && sa.get() instanceof Sa in) {
          answer.section("sa", sa(in));
        }
      }
      case Dropped(DropReason reason) ->
          answer.section("drop", drop(reason.metricName(), reason.sentence(), reason.section()));
      case Held _, Bypassed _ -> {}
    }
    if (isFiltered(direction, traced)) {
      answer.section(
          "drop",
          drop("cleartext", "in the clear, and the policy wants otherwise", "RFC 4301 §5.2"));
    }
    return answer.text("verdict", verdict(direction, traced)).build();
  }

  private Section policy(PacketTrace packet) {
    Policy policy = packet.entry().policy();
    Section.Builder section =
        Section.builder()
            .text("place", packet.place())
            .text("of", packet.entries())
            .text("spid", packet.entry().id())
            .text("connection", policy.connection())
            .text("selector", policy.selector())
            .text("priority", Integer.toUnsignedLong(policy.priority()));
    return switch (policy.processing()) {
      case Processing.Bypass _ -> section.text("action", "bypass").build();
      case Processing.Discard _ -> section.text("action", "discard").build();
      case Processing.Protect protect ->
          section
              .text("action", "protect")
              .text("mode", protect.mode())
              .text("reqid", protect.reqid())
              .build();
    };
  }

  private Section sa(Sa sa) {
    SaParameters parameters = sa.parameters();
    Lifetime lifetime = parameters.lifetime();
    Section.Builder section =
        Section.builder()
            .text("spi", parameters.spiText())
            .text("direction", sa.direction().name().toLowerCase(Locale.ROOT))
            .text("connection", parameters.connection())
            .text("mode", parameters.mode())
            .text("suite", parameters.suite())
            .text("local", parameters.local())
            .text("remote", parameters.remote());
    if (sa instanceof OutboundSa out) {
      section.text("numbers-left", Long.toUnsignedString(out.sequencesLeft()));
    }
    if (lifetime.hardSeconds() > 0) {
      Instant end = parameters.created().plusSeconds(lifetime.hardSeconds());
      section.text("seconds-left", Math.max(0, Duration.between(now, end).toSeconds()));
    }
    if (lifetime.hardBytes() > 0) {
      section.text("bytes-left", Math.max(0, lifetime.hardBytes() - sa.bytes()));
    }
    if (lifetime.hardPackets() > 0) {
      section.text("packets-left", Math.max(0, lifetime.hardPackets() - sa.packets()));
    }
    return section.build();
  }

  private static Section path(Sent sent) {
    boolean udp = sent.sa().parameters().encapsulation().isPresent();
    return Section.builder()
        .text("mtu", sent.pathOctets())
        .text("encapsulation", udp ? "ESP in UDP" : "ESP")
        .text("outer", sent.espOctets())
        .text("longest", sent.longest())
        .build();
  }

  private static Section drop(String reason, String sentence, String section) {
    return Section.builder()
        .text("reason", reason)
        .text("sentence", sentence)
        .text("section", section)
        .build();
  }

  private static boolean isFiltered(Direction direction, Traced traced) {
    boolean mustNot =
        switch (traced.packet().fate()) {
          case Expected _, Dropped _ -> true;
          case Bypassed _, Held _, Sent _ -> false;
        };
    return direction == Direction.INBOUND
        && mustNot
        && !traced.admitted()
        && traced.cleartext().dropped();
  }

  private static String verdict(Direction direction, Traced traced) {
    return direction == Direction.INBOUND ? arriving(traced) : leaving(traced.packet().fate());
  }

  private static String leaving(Fate fate) {
    return switch (fate) {
      case Sent sent -> sent.isCut() ? "leaves under ESP, cut in fragments" : "leaves under ESP";
      case Bypassed _ -> "leaves in the clear";
      case Dropped _ -> "is dropped";
      case Held(boolean runs) ->
          runs ? "waits for an SA that is being negotiated" : "waits, and starts the negotiation";
      case Expected _ -> "arrives";
    };
  }

  private static String arriving(Traced traced) {
    String under =
        traced.packet().fate() instanceof Expected(var sa)
            ? sa.isPresent() ? "; under ESP of this SA it is let in" : "; there is no SA for it"
            : "";
    if (traced.admitted()) {
      return "is let in as it is, whatever the policies say";
    }
    if (isFiltered(Direction.INBOUND, traced)) {
      return "is dropped in the clear" + under;
    }
    return traced.packet().fate() instanceof Bypassed
        ? "is let in as it is"
        : "is let in as it is, though it must not: " + traced.cleartext().detail() + under;
  }
}
