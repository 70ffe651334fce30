package espd.daemon.control;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.Configured;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Ring;
import espd.spd.InboundSa;
import espd.spd.OutboundSa;
import espd.spd.Sa;
import espd.spd.SaParameters;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// The daemon's state as one document for the status page: what vici's commands say, and what the
/// SAD knows beside it. No key is in it.
///
/// @param snapshot the daemon
/// @param sad its SAs
/// @param happenings what happened last, oldest first
public record StatusDocument(Snapshot snapshot, List<Sa> sad, List<Happening> happenings) {

  /// How many happenings are worth a look.
  public static final int HAPPENINGS = 100;

  /// Copies the lists.
  public StatusDocument {
    sad = List.copyOf(sad);
    happenings = List.copyOf(happenings);
  }

  /// {@return the document of a daemon as it is now}
  ///
  /// @param last has gathered what happened, and goes on gathering
  public static StatusDocument of(Operations operations, Happenings.Subscription last) {
    return new StatusDocument(operations.status(), operations.sad(), last.waiting());
  }

  /// {@return the document as one JSON object, every value a string:
  ///
  /// | name          | value                                                                  |
  /// |---------------|------------------------------------------------------------------------|
  /// | `now-millis`  | the time of the figures, since the epoch                               |
  /// | `version`     | as vici's command `version` answers                                    |
  /// | `stats`       | as vici's command `stats` answers, with the drops by reason            |
  /// | `listening`   | the addresses that IKE listens at                                      |
  /// | `rings`       | of the data plane, by name                                             |
  /// | `connections` | by name, as vici's event `list-conn`                                   |
  /// | `ike-sas`     | by serial number, oldest first, each as vici's event `list-sa`         |
  /// | `sad`         | by direction and SPI, newest first: what packets have counted          |
  /// | `events`      | what happened last, oldest first                                       |
  /// }
  public String json() {
    ViciListing listing = new ViciListing(snapshot);
    Section.Builder connections = Section.builder();
    for (Configured each : snapshot.connections()) {
      String name = each.connection().name();
      connections.section(
          name, ViciConnections.of(ConnectionName.of(name).ike(), List.of(each.connection())));
    }
    ViciSas vici = new ViciSas(snapshot.now());
    Section.Builder ikeSas = Section.builder();
    for (IkeSa each : snapshot.ikeSas()) {
      ikeSas.section("" + each.id(), vici.named(each, vici.full(each)));
    }
    Section.Builder sas = Section.builder();
    for (Sa each : sad) {
      sas.section(name(each), section(each));
    }
    return SectionJson.of(
        Section.builder()
            .text("now-millis", snapshot.now().toEpochMilli())
            .section("version", listing.version())
            .section("stats", listing.stats())
            .items(
                "listening", snapshot.machine().listening().stream().map(Object::toString).toList())
            .section("rings", rings())
            .section("connections", connections.build())
            .section("ike-sas", ikeSas.build())
            .section("sad", sas.build())
            .section("events", events())
            .build());
  }

  private Section rings() {
    Section.Builder rings = Section.builder();
    for (Ring each : snapshot.rings()) {
      rings.text(each.name(), each.used() + "/" + each.size());
    }
    return rings.build();
  }

  /// An outbound SPI is the peer's choice, and unique only with its address (RFC 4301 §4.1).
  private static String name(Sa sa) {
    String spi = sa.direction().name().toLowerCase(Locale.ROOT) + " " + sa.parameters().spiText();
    return switch (sa) {
      case InboundSa in -> spi;
      case OutboundSa out -> spi + " " + out.parameters().remote();
    };
  }

  private Section section(Sa sa) {
    SaParameters parameters = sa.parameters();
    Section.Builder section =
        Section.builder()
            .text("suite", parameters.suite() + (parameters.esn() ? "/ESN" : ""))
            .text("age-millis", Duration.between(parameters.created(), snapshot.now()).toMillis())
            .text("packets", sa.packets())
            .text("bytes", sa.bytes())
            .text("sequence", sa.sequence());
    switch (sa) {
      case InboundSa in ->
          section.text("replayed", in.replayed()).text("unauthentic", in.unauthentic());
      case OutboundSa out -> {
        if (out.pathMtu() != OutboundSa.PATH_MTU_UNKNOWN) {
          section.text("path-mtu", out.pathMtu());
        }
      }
    }
    return section.build();
  }

  private Section events() {
    Section.Builder events = Section.builder();
    for (Happening each : happenings) {
      // Several may happen in a millisecond: the name only has to be another one for each.
      String name = "" + each.at().toEpochMilli();
      int more = 0;
      while (events.has(name + "." + more)) {
        more++;
      }
      events.section(
          name + "." + more,
          Section.builder()
              .text("at-millis", each.at().toEpochMilli())
              .text("connection", each.connection())
              .text("weight", isWarning(each) ? "warning" : "step")
              .text("text", text(each))
              .build());
    }
    return events.build();
  }

  private static boolean isWarning(Happening happening) {
    return happening instanceof Happening.Line line && line.level() == Happening.Level.WARNING;
  }

  private static String text(Happening happening) {
    return switch (happening) {
      case Happening.IkeSaUp(var at, var sa) -> "IKE SA " + text(sa) + " is established";
      case Happening.IkeSaDown(var at, var sa) -> "IKE SA " + text(sa) + " is gone";
      case Happening.IkeSaRekeyed(var at, var old, var successor) ->
          "IKE SA " + text(successor) + " has replaced [" + old.id() + "]";
      case Happening.ChildSaUp(var at, var sa, var child) ->
          "Child SA " + text(child) + " is established";
      case Happening.ChildSaDown(var at, var sa, var child) ->
          "Child SA " + text(child) + " is gone";
      case Happening.ChildSaRekeyed(var at, var sa, var old, var successor) ->
          "Child SA " + text(successor) + " has replaced {" + old.id() + "}";
      case Happening.Reached reached -> "a negotiation of IKEv1 has reached " + reached.stage();
      case Happening.Line line -> line.text();
    };
  }

  private static String text(IkeSa sa) {
    return "[" + sa.id() + "] with " + sa.remote().identity() + " at " + sa.remote().address();
  }

  private static String text(ChildSa child) {
    return "{%d}, SPI %s in, %s out,"
        .formatted(child.id(), child.inbound().spiText(), child.outbound().spiText());
  }
}
