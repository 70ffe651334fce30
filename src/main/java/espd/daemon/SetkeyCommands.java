package espd.daemon;

import espd.daemon.control.Section;
import espd.daemon.control.SetkeyFormat;
import espd.daemon.control.ViciAnswers;
import espd.daemon.control.ViciCommand;
import espd.daemon.setkey.Answer;
import espd.daemon.setkey.Forwarding;
import espd.daemon.setkey.KernelError;
import espd.daemon.setkey.SetkeyException;
import espd.daemon.setkey.SetkeyParser;
import espd.daemon.setkey.Statement;
import espd.spd.KeyMaterial;
import espd.spd.Sa;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The command of the control socket behind setkey: `espd-setkey` takes statements as setkey's
/// language in `data` and streams what they answer, a row each: `statement`, the number of the
/// statement from 0 on, and `text`, what it shows, or `error`, why it was not done.
///
/// The request also says for whom it is formatted (`pid`; `ports`, `short`), and `kernel` for
/// policies whose `in` is not `fwd`.
///
/// @param databases what the statements are done with
/// @param changed runs when they have changed policies
record SetkeyCommands(SetkeyDatabases databases, Runnable changed) {

  /// {@return these commands and others}
  Map<String, ViciCommand> beside(Map<String, ViciCommand> others) {
    Map<String, ViciCommand> all = new HashMap<>(others);
    all.put("espd-setkey", this::setkey);
    return all;
  }

  private Section setkey(Section request, ViciCommand.Events events) throws IOException {
    Optional<KeyMaterial> data = request.secret("data");
    if (data.isEmpty()) {
      return ViciAnswers.refusal("no statements in data");
    }
    List<Statement> statements;
    try {
      statements = data.get().use(SetkeyCommands::parsed);
    } catch (IllegalArgumentException e) {
      return ViciAnswers.refusal(String.valueOf(e.getMessage()));
    } finally {
      data.get().close();
    }
    try {
      perform(statements, request, events);
    } finally {
      // What is done is in force also where the client has left before it was told of all.
      databases.settle();
      if (statements.stream().anyMatch(SetkeyCommands::changesPolicies)) {
        databases.keep();
        changed.run();
      }
    }
    return ViciAnswers.SUCCESS;
  }

  private void perform(List<Statement> statements, Section request, ViciCommand.Events events)
      throws IOException {
    Forwarding forwarding =
        request.text("kernel").isPresent() ? Forwarding.BY_ITSELF : Forwarding.WITH_INBOUND;
    Showing showing = Showing.asked(request);
    for (int i = 0; i < statements.size(); i++) {
      switch (databases.perform(statements.get(i), forwarding)) {
        case Answer.Done() -> {}
        case Answer.Refused(List<KernelError> errors) -> {
          for (KernelError error : errors) {
            row(i, "error", error.toString(), events);
          }
        }
        case Answer.Sas(var sas) -> rows(i, showing.sas(sas), events);
        case Answer.Policies(var entries) -> rows(i, showing.format().spd(entries), events);
      }
    }
  }

  private static boolean changesPolicies(Statement statement) {
    return statement instanceof Statement.SpdAdd
        || statement instanceof Statement.SpdUpdate
        || statement instanceof Statement.SpdDelete
        || statement instanceof Statement.SpdFlush;
  }

  private static List<Statement> parsed(byte[] text) {
    try {
      return SetkeyParser.all(text);
    } catch (SetkeyException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// How the client wants to see what is there.
  private record Showing(SetkeyFormat format, boolean isShort) {

    private static Showing asked(Section request) {
      long pid =
          request.text("pid").filter(p -> p.matches("\\d{1,9}")).map(Long::parseLong).orElse(0L);
      SetkeyFormat format = new SetkeyFormat(Instant.now(), ZoneId.systemDefault(), pid);
      return new Showing(
          request.text("ports").isPresent() ? format.withPorts() : format,
          request.text("short").isPresent());
    }

    private String sas(List<Sa> sas) {
      return isShort ? format.brief(sas) : format.sad(sas);
    }
  }

  private static void rows(int statement, String text, ViciCommand.Events events)
      throws IOException {
    for (String part : ViciAnswers.parts(text)) {
      row(statement, "text", part, events);
    }
  }

  private static void row(int statement, String name, String text, ViciCommand.Events events)
      throws IOException {
    events.send(
        ViciAnswers.ROW, Section.builder().text("statement", statement).text(name, text).build());
  }
}
