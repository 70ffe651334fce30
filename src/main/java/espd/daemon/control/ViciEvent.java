package espd.daemon.control;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.IkeSa;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A [Happening] as vici tells it.
///
/// @param name of the event, which clients register for
/// @param message what it says
record ViciEvent(String name, Section message) {

  private static final String LOG = "log";
  private static final String IKE_UPDOWN = "ike-updown";
  private static final String IKE_REKEY = "ike-rekey";
  private static final String CHILD_UPDOWN = "child-updown";
  private static final String CHILD_REKEY = "child-rekey";

  /// strongSwan has no such event.
  private static final String STAGE = "espd-stage";

  /// The names of all of them.
  static final Set<String> NAMES =
      Set.of(LOG, IKE_UPDOWN, IKE_REKEY, CHILD_UPDOWN, CHILD_REKEY, STAGE);

  static ViciEvent of(Happening happening) {
    ViciSas sas = new ViciSas(happening.at());
    return switch (happening) {
      case Happening.Line line -> new ViciEvent(LOG, line(line));
      case Happening.Reached reached -> new ViciEvent(STAGE, stage(reached, sas));
      case Happening.IkeSaUp(_, IkeSa sa) ->
          new ViciEvent(IKE_UPDOWN, up().section(name(sa), sas.full(sa)).build());
      case Happening.IkeSaDown(_, IkeSa sa) ->
          new ViciEvent(IKE_UPDOWN, Section.builder().section(name(sa), sas.full(sa)).build());
      case Happening.IkeSaRekeyed(_, IkeSa old, IkeSa successor) ->
          new ViciEvent(
              IKE_REKEY,
              Section.builder()
                  .section(name(successor), both(sas.full(old), sas.full(successor)))
                  .build());
      case Happening.ChildSaUp(_, IkeSa sa, ChildSa child) ->
          new ViciEvent(
              CHILD_UPDOWN, up().section(name(sa), sas.withChildren(sa, List.of(child))).build());
      case Happening.ChildSaDown(_, IkeSa sa, ChildSa child) ->
          new ViciEvent(
              CHILD_UPDOWN,
              Section.builder().section(name(sa), sas.withChildren(sa, List.of(child))).build());
      case Happening.ChildSaRekeyed(_, IkeSa sa, ChildSa old, ChildSa successor) -> {
        Section children =
            Section.builder()
                .section(
                    ConnectionName.of(successor.connection()).child(),
                    both(sas.child(old), sas.child(successor)))
                .build();
        yield new ViciEvent(
            CHILD_REKEY, Section.builder().section(name(sa), sas.ikeSa(sa, children)).build());
      }
    };
  }

  private static String name(IkeSa sa) {
    return ConnectionName.of(sa.connection()).ike();
  }

  private static Section.Builder up() {
    return Section.builder().text("up", "yes");
  }

  private static Section both(Section old, Section successor) {
    return Section.builder().section("old", old).section("new", successor).build();
  }

  private static Section stage(Happening.Reached reached, ViciSas sas) {
    Section.Builder section =
        Section.builder()
            .text("connection", reached.connection())
            .text("serial", reached.serial())
            .text("stage", reached.stage())
            .text("local-host", reached.path().local())
            .text("local-port", reached.path().localPort())
            .text("remote-host", reached.path().remote())
            .text("remote-port", reached.path().remotePort());
    reached.child().ifPresent(child -> section.section("child-sa", sas.child(child)));
    return section.build();
  }

  private static Section line(Happening.Line line) {
    Section.Builder section =
        Section.builder()
            .text("group", line.group())
            .text(
                "level",
                switch (line.level()) {
                  case WARNING -> 0;
                  case STEP -> 1;
                })
            // All lines come from IKE's one thread.
            .text("thread", 1);
    if (!line.connection().isEmpty()) {
      section.text("ikesa-name", ConnectionName.of(line.connection()).ike());
    }
    line.ikeSa()
        .ifPresent(id -> section.text("ikesa-uniqueid", String.format(Locale.ROOT, "%d", id)));
    return section.text("msg", line.text()).build();
  }
}
