package espd.daemon.pluto;

import espd.daemon.control.Happening;
import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.IkeSa;
import espd.ike.Connection;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Retransmission;
import espd.spd.Ipcomp;
import espd.spd.Mode;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What whack prints of a connection that is initiated, from what happens to it. For one thread.
final class Transcript {

  private static final Pattern AGAIN =
      Pattern.compile("(?:sending )?retransmit (\\d+) of request.*");
  private static final Pattern GAVE_UP = Pattern.compile(".*giving up after (\\d+) retransmits.*");

  /// A notification that says something is wrong, whatever else is said about it.
  private static final Pattern NOTIFIED =
      Pattern.compile("(?:no CHILD_SA: )?(?:received )?([A-Z]+(?:[_-][A-Z]+)+)\\b.*");

  private static final String SELECTED = "selected proposal: IKE:";

  private final Connection connection;
  private final Serials serials;
  private final Whack whack;
  private String state = "";
  private String chosen = "";
  private String at;
  private boolean over;

  /// @param connection that is initiated
  Transcript(Connection connection, Serials serials, Whack whack) {
    this.connection = connection;
    this.serials = serials;
    this.whack = whack;
    this.at = "\"" + connection.name() + "\"";
  }

  /// {@return whether there is nothing more to say}
  boolean isOver() {
    return over;
  }

  /// Says what has happened, if it is about this.
  void tell(Happening happening) throws IOException {
    if (over || !happening.connection().equals(connection.name())) {
      return;
    }
    switch (happening) {
      case Happening.Reached reached -> {
        if (StageText.isInitiators(reached.stage())) {
          reached(reached);
        }
      }
      case Happening.Line line -> line(line);
      case Happening.IkeSaUp(_, IkeSa sa) -> {
        if (sa.version() == 2 && sa.initiator()) {
          String peer = PlutoNames.identity(sa.remote().identity());
          whack.say(Whack.LOG, at + ": IKEv2 mode peer ID is " + peer);
        }
      }
      case Happening.ChildSaUp(_, IkeSa sa, ChildSa child) -> {
        if (sa.version() == 2 && sa.initiator()) {
          childUp(child);
        }
      }
      case Happening.IkeSaDown _,
          Happening.IkeSaRekeyed _,
          Happening.ChildSaDown _,
          Happening.ChildSaRekeyed _ -> {}
    }
  }

  // --- IKEv1

  private void reached(Happening.Reached reached) throws IOException {
    IsakmpStage stage = reached.stage();
    at(serials.of(stage, reached.serial()), StageText.name(stage));
    String sas = reached.child().map(child -> " {" + sas(child) + "}").orElse("");
    whack.say(
        StageText.code(stage, isAggressive()), at + state + ": " + StageText.said(stage) + sas);
    over = stage == IsakmpStage.QUICK_I2;
  }

  private boolean isAggressive() {
    return connection.version() instanceof IkeVersion.One one
        && one.modes().contains(Phase1Mode.AGGRESSIVE);
  }

  private void at(int number, String stateName) {
    at = "\"%s\" #%d".formatted(connection.name(), number);
    state = ": " + stateName;
  }

  /// `=>` is the SPI that we send with, `<` the one that the peer does.
  private static String sas(ChildSa child) {
    String esp = "ESP=>%s <%s".formatted(child.outbound().spiText(), child.inbound().spiText());
    return child
        .outbound()
        .ipcomp()
        .map(sent -> esp + " IPCOMP=>0x%08x <0x%08x".formatted(sent.cpi(), cpi(child)))
        .orElse(esp);
  }

  private static int cpi(ChildSa child) {
    return child.inbound().ipcomp().map(Ipcomp::cpi).orElse(0);
  }

  // --- IKEv2, whose steps are lines of the log

  private void line(Happening.Line line) throws IOException {
    String text = line.text();
    Matcher again = AGAIN.matcher(text);
    Matcher gaveUp = GAVE_UP.matcher(text);
    Matcher notified = NOTIFIED.matcher(text);
    if (again.matches()) {
      long seconds = Retransmission.STANDARD.wait(Integer.parseInt(again.group(1))).toSeconds();
      String wait = "retransmission; will wait " + seconds + "s for response";
      whack.say(Whack.RETRANSMISSION, at + state + ": " + wait);
    } else if (gaveUp.matches()) {
      gaveUp(gaveUp.group(1));
    } else if (line.level() == Happening.Level.WARNING && notified.matches()) {
      String what = "ignoring informational payload, type " + notified.group(1);
      whack.say(Whack.SERIOUS, at + ": " + what);
    } else if (line.level() == Happening.Level.WARNING) {
      whack.say(Whack.SERIOUS, at + ": " + text);
    } else if (connection.version() instanceof IkeVersion.Two) {
      step(line);
    }
  }

  private void gaveUp(String retransmissions) throws IOException {
    String reached = state.isEmpty() ? "" : " reached" + state.substring(1);
    boolean first = state.endsWith("_I1");
    String message = first ? "our first IKE message" : "our last message";
    whack.say(
        Whack.NO_ANSWER,
        at
            + ": max number of retransmissions ("
            + retransmissions
            + ")"
            + reached
            + ".  No response (or no acceptable response) to "
            + message);
    if (connection.keyingTries() == 0) {
      String more = "starting keying attempt 2 of an unlimited number, but releasing whack";
      whack.say(Whack.COMMENT, at + ": " + more);
    }
    over = true;
  }

  private void step(Happening.Line line) throws IOException {
    String text = line.text();
    if (text.startsWith("initiating IKE_SA ")) {
      at(serials.ofIkeSa(line.ikeSa().orElse(0)), "STATE_PARENT_I1");
      whack.say(133, at + state + ": initiate");
    } else if (text.startsWith("generating IKE_SA_INIT request")) {
      whack.say(133, at + state + ": sent v2I1, expected v2R1");
    } else if (text.startsWith("generating IKE_AUTH request 1 ")) {
      at(serials.next(), "STATE_PARENT_I2");
      whack.say(134, at + state + ": sent v2I2, expected v2R2" + chosen);
    } else if (text.startsWith(SELECTED)) {
      chosen = " " + PlutoNames.ofIkev2(text.substring(SELECTED.length()));
    } else if (text.startsWith("generating CREATE_CHILD_SA request")) {
      at(serials.next(), "STATE_V2_CREATE_I");
      whack.say(134, at + state + ": sent CREATE_CHILD_SA request");
    }
  }

  private void childUp(ChildSa child) throws IOException {
    at(serials.ofChildSa(child.id()), "STATE_PARENT_I3");
    String mode = (child.mode() == Mode.TUNNEL ? "tunnel" : "transport") + " mode";
    String xfrm = " xfrm=" + PlutoNames.esp(child.suite());
    whack.say(
        StageText.SUCCESS,
        at + state + ": PARENT SA established " + mode + " {" + sas(child) + xfrm + "}");
    over = true;
  }

  /// Says how it ended, where nothing has said so.
  ///
  /// @param failure why, nothing where it went well
  void end(Optional<String> failure) throws IOException {
    if (!over && failure.isPresent() && whack.exit() != Whack.SERIOUS) {
      whack.say(Whack.FATAL, at + state + ": " + failure.get());
    } else if (!over && failure.isEmpty() && state.isEmpty()) {
      whack.say(Whack.LOG, at + ": its SAs are established already");
    }
    over = true;
  }
}
