package espd.daemon;

import espd.daemon.control.Counters;
import espd.daemon.control.Happening;
import espd.daemon.control.Happenings;
import espd.daemon.pluto.Serials;
import espd.ike.crypto.Role;
import espd.ike.driver.SaChange;
import espd.ike.driver.SaLine;
import espd.ike.driver.SaListener;
import espd.ike.driver.SaStage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;

/// Tells the daemon's [Happenings] what becomes of SAs, and counts.
///
/// @param clock says when
/// @param happenings are told
/// @param counters count
/// @param serials number
record IkeHappenings(InstantSource clock, Happenings happenings, Counters counters, Serials serials)
    implements SaListener {

  @Override
  public void changed(SaChange change) {
    serials.changed(change);
    switch (change) {
      case SaChange.IkeSaRekeyed(var old, var successor) -> {
        boolean ours =
            successor.established().filter(sa -> sa.role() == Role.INITIATOR).isPresent();
        counters.count(
            successor.connection(),
            Set.of(ours ? Counters.Kind.IKE_REKEY_INIT : Counters.Kind.IKE_REKEY_RESP));
      }
      case SaChange.ChildSaRekeyed(var ikeSa, var old, var successor) ->
          counters.count(successor.connection(), Set.of(Counters.Kind.CHILD_REKEY));
      case SaChange.IkeSaUp _,
          SaChange.IkeSaDown _,
          SaChange.ChildSaUp _,
          SaChange.ChildSaDown _ -> {}
    }
    if (happenings.areHeard()) {
      happenings.tell(happening(clock.instant(), change));
    }
  }

  private static Happening happening(Instant now, SaChange change) {
    return switch (change) {
      case SaChange.IkeSaUp(var sa) -> new Happening.IkeSaUp(now, SaPortrait.of(sa));
      case SaChange.IkeSaDown(var sa) -> new Happening.IkeSaDown(now, SaPortrait.of(sa));
      case SaChange.IkeSaRekeyed(var old, var successor) ->
          new Happening.IkeSaRekeyed(now, SaPortrait.of(old), SaPortrait.of(successor));
      case SaChange.ChildSaUp(var sa, var child) ->
          new Happening.ChildSaUp(now, SaPortrait.of(sa), SaPortrait.of(child));
      case SaChange.ChildSaDown(var sa, var child) ->
          new Happening.ChildSaDown(now, SaPortrait.of(sa), SaPortrait.of(child));
      case SaChange.ChildSaRekeyed(var sa, var old, var successor) ->
          new Happening.ChildSaRekeyed(
              now, SaPortrait.of(sa), SaPortrait.of(old), SaPortrait.of(successor));
    };
  }

  @Override
  public void reached(SaStage stage) {
    serials.reached(stage);
    if (happenings.areHeard()) {
      happenings.tell(
          new Happening.Reached(
              clock.instant(),
              stage.connection(),
              stage.serial(),
              stage.stage(),
              stage.path(),
              stage.child().map(SaPortrait::of)));
    }
  }

  @Override
  public void said(SaLine line) {
    if (happenings.areHeard()) {
      Happening.Level level =
          switch (line.weight()) {
            case STEP -> Happening.Level.STEP;
            case WARNING -> Happening.Level.WARNING;
          };
      happenings.tell(
          new Happening.Line(
              clock.instant(),
              Happening.Group.IKE,
              level,
              line.connection(),
              line.serial(),
              line.text()));
    }
  }

  @Override
  public void exchanged(String connection, String exchange, Role asker, String result) {
    String name =
        switch (exchange) {
          case "IKE_SA_INIT" -> "IKE_INIT";
          case "IKE_AUTH" -> "IKE_AUTH";
          case "CREATE_CHILD_SA" -> "CREATE_CHILD";
          default -> "INFO";
        };
    String answer = asker == Role.INITIATOR ? "_IN_RESP" : "_OUT_RESP";
    Set<Counters.Kind> kinds = EnumSet.noneOf(Counters.Kind.class);
    kinds.add(Counters.Kind.valueOf(name + (asker == Role.INITIATOR ? "_OUT_REQ" : "_IN_REQ")));
    if (!result.equals("timeout")) {
      kinds.add(Counters.Kind.valueOf(name + answer));
    }
    if (result.equals("malformed")) {
      kinds.add(Counters.Kind.INVALID);
    }
    counters.count(connection, kinds);
  }
}
