package espd.daemon.control;

import espd.daemon.control.ViciCommand.Events;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/// The commands that only `espd` has: texts for people, the SAD and the SPD, which vici does not
/// show, how much is logged, and what would become of a packet.
///
/// @param operations the daemon
record OwnCommands(Operations operations) {

  /// Events of this name carry a part of a text.
  static final String TEXT = "espd-text";

  Map<String, ViciCommand> commands() {
    return Map.of(
        "espd-status", this::status,
        "espd-sad", (request, events) -> ViciAnswers.text(setkey().sad(operations.sad()), events),
        "espd-spd", (request, events) -> ViciAnswers.text(setkey().spd(operations.spd()), events),
        "espd-sad-rows", (request, events) -> rows(Rows.sad(operations.sad()), events),
        "espd-spd-rows", (request, events) -> rows(Rows.spd(operations.spd()), events),
        "espd-log-level", (request, events) -> LogLevelCommand.perform(request),
        "espd-trace",
            (request, events) ->
                new TraceCommand(operations::trace, Instant.now()).answer(request));
  }

  private Section status(Section request, Events events) throws IOException {
    StatusFormat format =
        new StatusFormat(operations.status(), ZoneId.systemDefault(), request.text("ike"));
    return ViciAnswers.text(
        request.text("all").isPresent() ? format.full() : format.brief(), events);
  }

  private static SetkeyFormat setkey() {
    return new SetkeyFormat(Instant.now(), ZoneId.systemDefault(), ProcessHandle.current().pid());
  }

  private static Section rows(Iterable<Section> rows, Events events) throws IOException {
    for (Section row : rows) {
      events.send(ViciAnswers.ROW, row);
    }
    return ViciAnswers.SUCCESS;
  }
}
