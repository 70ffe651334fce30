package espd.daemon.control;

import espd.daemon.control.Operations.Outcome;
import espd.daemon.control.ViciCommand.Events;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The answers that most commands of vici have.
public final class ViciAnswers {

  /// It is done.
  public static final Section SUCCESS = Section.builder().text("success", "yes").build();

  /// Events of this name carry an entry of a list: see [ControlClient#rows].
  public static final String ROW = "espd-row";

  /// A value of vici has at most 65,535 octets; long texts go in several events.
  private static final int CHUNK = 32_000;

  private ViciAnswers() {}

  /// {@return how a command ended}
  public static Section of(Outcome outcome) {
    return Section.builder()
        .text("success", outcome.success() ? "yes" : "no")
        .text(outcome.success() ? "msg" : "errmsg", outcome.message())
        .build();
  }

  /// {@return names, as a list of that name}
  static Section items(String name, List<String> items) {
    return Section.builder().items(name, items).build();
  }

  /// {@return that it could not be done}
  public static Section refusal(String why) {
    return of(Outcome.failed(why));
  }

  /// Streams a text that a client gets with [ControlClient#text].
  ///
  /// @return the answer
  public static Section text(String text, Events events) throws IOException {
    for (String part : parts(text)) {
      events.send(OwnCommands.TEXT, Section.builder().text("text", part).build());
    }
    return SUCCESS;
  }

  /// {@return a text in parts that a value of vici can have, cut at the ends of lines}
  public static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + CHUNK);
      int line = text.lastIndexOf('\n', end - 1) + 1;
      int next = end < text.length() && line > at ? line : end;
      parts.add(text.substring(at, next));
      at = next;
    }
    return parts;
  }
}
