package espd.daemon.racoon;

import espd.daemon.control.Happening;
import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.End;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Traffic;
import espd.ike.exchange.Path;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.event.Level;

/// What racoon writes into its log when this happens in the daemon, in the words of release 0.3.3
/// and, where that has none, of 0.8. For one thread.
final class RacoonLines {

  private static final Pattern NO_KEY = Pattern.compile("no shared key found for '.*' - '(.*)'");
  private static final Pattern NOTIFIED = Pattern.compile("received ([A-Z0-9_]+) error notify.*");
  private static final Pattern NAT = Pattern.compile("NAT-Traversal: RFC 3947, (.*)");

  private final Map<Integer, Phase1> begun = new HashMap<>();
  private final Map<Integer, IkeSa> established = new HashMap<>();
  private final Set<Integer> deletedByPeer = new HashSet<>();

  /// A line of the log.
  record Line(Level level, String text) {}

  /// A negotiation of phase 1 that has not ended.
  private record Phase1(Path path, boolean initiator) {}

  /// {@return the lines of what has happened, in their order}
  List<Line> of(Happening happening) {
    return switch (happening) {
      case Happening.Reached reached -> reached(reached);
      case Happening.IkeSaUp(_, IkeSa sa) -> up(sa);
      case Happening.IkeSaRekeyed(_, IkeSa old, IkeSa successor) -> {
        established.remove(old.id());
        yield up(successor);
      }
      case Happening.IkeSaDown(Instant at, IkeSa sa) -> down(at, sa);
      case Happening.ChildSaUp(_, IkeSa sa, ChildSa child) -> up(sa, child);
      case Happening.ChildSaRekeyed(_, IkeSa sa, ChildSa _, ChildSa successor) -> up(sa, successor);
      case Happening.ChildSaDown(Instant at, IkeSa sa, ChildSa child) -> down(at, sa, child);
      case Happening.Line line -> line(line);
    };
  }

  private static Line info(String text) {
    return new Line(Level.INFO, text);
  }

  private static Line error(String text) {
    return new Line(Level.ERROR, text);
  }

  // --- negotiations

  private List<Line> reached(Happening.Reached reached) {
    Path path = reached.path();
    return switch (reached.stage()) {
      case MAIN_I1 -> initiated(reached, "Identity Protection");
      case AGGR_I1 -> initiated(reached, "Aggressive");
      case MAIN_R1 -> responded(reached, "Identity Protection");
      case AGGR_R1 -> responded(reached, "Aggressive");
      case QUICK_I1 -> List.of(info("initiate new phase 2 negotiation: " + phase2(path)));
      case QUICK_R1 -> List.of(info("respond new phase 2 negotiation: " + phase2(path)));
      case MAIN_I2, MAIN_I3, MAIN_I4, MAIN_R2, MAIN_R3 -> List.of();
      case AGGR_I2, AGGR_R2, QUICK_I2, QUICK_R2 -> List.of();
    };
  }

  private List<Line> initiated(Happening.Reached reached, String mode) {
    begun.put(reached.serial(), new Phase1(reached.path(), true));
    return List.of(
        info(
            "IPsec-SA request for %s queued due to no phase1 found."
                .formatted(reached.path().remote())),
        info("initiate new phase 1 negotiation: " + phase1(reached.path())),
        info("begin " + mode + " mode."));
  }

  private List<Line> responded(Happening.Reached reached, String mode) {
    begun.put(reached.serial(), new Phase1(reached.path(), false));
    return List.of(
        info("respond new phase 1 negotiation: " + phase1(reached.path())),
        info("begin " + mode + " mode."));
  }

  private static String phase1(Path path) {
    return "%s[%d]<=>%s[%d]"
        .formatted(path.local(), path.localPort(), path.remote(), path.remotePort());
  }

  private static String phase2(Path path) {
    return "%s[0]<=>%s[0]".formatted(path.local(), path.remote());
  }

  // --- SAs

  private List<Line> up(IkeSa sa) {
    begun.remove(sa.id());
    established.put(sa.id(), sa);
    return List.of(info("ISAKMP-SA established " + ends(sa) + " spi:" + cookies(sa)));
  }

  private List<Line> down(Instant at, IkeSa sa) {
    established.remove(sa.id());
    boolean byPeer = deletedByPeer.remove(sa.id());
    boolean expired = sa.rekey().filter(when -> !when.isAfter(at)).isPresent();
    String what = expired && !byPeer ? "expired " : "deleted ";
    Line last = info("ISAKMP-SA " + what + ends(sa) + " spi:" + cookies(sa));
    return byPeer
        ? List.of(
            info("purging ISAKMP-SA spi=" + cookies(sa) + "."),
            info("purged ISAKMP-SA spi=" + cookies(sa) + "."),
            last)
        : List.of(last);
  }

  private static String ends(IkeSa sa) {
    return end(sa.local()) + "-" + end(sa.remote());
  }

  private static String end(End end) {
    return end.address() + "[" + end.port() + "]";
  }

  private static String cookies(IkeSa sa) {
    return "%016x:%016x".formatted(sa.spiI(), sa.spiR());
  }

  private static List<Line> up(IkeSa sa, ChildSa child) {
    return both("established", sa, child);
  }

  private static List<Line> down(Instant at, IkeSa sa, ChildSa child) {
    boolean expired = child.expires().filter(when -> !when.isAfter(at)).isPresent();
    return expired
        ? both("expired", sa, child)
        : List.of(
            info(
                "purged IPsec-SA proto_id=ESP spi=%s."
                    .formatted(Integer.toUnsignedString(child.outbound().spi()))));
  }

  /// First what arrives, then what leaves.
  private static List<Line> both(String what, IkeSa sa, ChildSa child) {
    Ipv6Address local = sa.local().address();
    Ipv6Address remote = sa.remote().address();
    String mode =
        (child.encapsulation().isPresent() ? "UDP-" : "")
            + (child.mode() == Mode.TUNNEL ? "Tunnel" : "Transport");
    return List.of(
        info(
            "IPsec-SA %s: ESP/%s %s->%s %s"
                .formatted(what, mode, remote, local, spi(child.inbound()))),
        info(
            "IPsec-SA %s: ESP/%s %s->%s %s"
                .formatted(what, mode, local, remote, spi(child.outbound()))));
  }

  /// With a blank behind it, as racoon prints it.
  private static String spi(Traffic direction) {
    return "spi=%s(0x%x) ".formatted(Integer.toUnsignedString(direction.spi()), direction.spi());
  }

  // --- what strongSwan would say

  private List<Line> line(Happening.Line line) {
    String text = line.text();
    int serial = line.ikeSa().orElse(0);
    Optional<IkeSa> sa = Optional.ofNullable(established.get(serial));
    Matcher noKey = NO_KEY.matcher(text);
    Matcher notified = NOTIFIED.matcher(text);
    Matcher nat = NAT.matcher(text);
    if (text.startsWith("received DELETE for IKE_SA")) {
      deletedByPeer.add(serial);
      return List.of();
    }
    if (text.startsWith("DPD check timed out") && sa.isPresent()) {
      return List.of(
          info("DPD: remote (ISAKMP-SA spi=" + cookies(sa.get()) + ") seems to be dead."));
    }
    if (text.startsWith("giving up after ")) {
      return timedOut(serial, sa);
    }
    if (noKey.matches()) {
      return List.of(error("couldn't find the pskey for " + noKey.group(1) + "."));
    }
    if (notified.matches()) {
      String type = notified.group(1).replace('_', '-');
      return List.of(error("notification " + type + " received in informational exchange."));
    }
    if (nat.matches()) {
      return List.of(info(nat(nat.group(1))));
    }
    if (line.level() == Happening.Level.STEP) {
      return List.of();
    }
    List<Line> lines = new ArrayList<>(List.of(error(text)));
    if (text.contains("NO_PROPOSAL_CHOSEN sent")) {
      lines.add(error("no suitable proposal found."));
    } else if (text.contains("INVALID_ID_INFORMATION sent")) {
      lines.add(error("failed to get sainfo."));
    }
    return lines;
  }

  private List<Line> timedOut(int serial, Optional<IkeSa> sa) {
    Phase1 phase1 = begun.remove(serial);
    if (phase1 == null) {
      return List.of(
          error(
              "phase2 negotiation failed due to time up"
                  + sa.map(each -> ". " + ends(each)).orElse("")));
    }
    Path path = phase1.path();
    List<Line> lines = new ArrayList<>();
    if (phase1.initiator()) {
      lines.add(
          error(
              "phase2 negotiation failed due to time up waiting for phase1. ESP %s[0]->%s[0] "
                  .formatted(path.remote(), path.local())));
      lines.add(info("delete phase 2 handler."));
    }
    lines.add(error("phase1 negotiation failed due to time up. " + phase1(path)));
    return lines;
  }

  private static String nat(String found) {
    return switch (found) {
      case "no NAT detected" -> "NAT not detected ";
      case "local host is behind NAT" -> "NAT detected: ME ";
      case "remote host is behind NAT" -> "NAT detected: PEER";
      default -> "NAT detected: ME PEER";
    };
  }
}
