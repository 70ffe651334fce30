package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import espd.daemon.control.SectionJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// Has the daemon change something, and shows how.
///
/// @param spec of the command that shows it
/// @param json whether programs read it
record Change(CommandSpec spec, Json json) {

  /// How it went.
  ///
  /// @param answer of the daemon
  /// @param lines on the way
  record Result(Section answer, List<String> lines) {

    boolean succeeded() {
      return answer.text("success").orElse("no").equals("yes");
    }
  }

  /// Does a command; its lines are shown as they come, unless programs read them.
  Result run(ControlClient daemon, Command command) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> lines = new ArrayList<>();
    Section answer =
        daemon.stream(
            command,
            "control-log",
            event -> {
              String line = event.text("msg").orElse("");
              lines.add(line);
              if (!json.isWanted()) {
                out.println(line);
                out.flush();
              }
            });
    return new Result(answer, lines);
  }

  /// Shows the end.
  ///
  /// @param more what programs are shown besides
  /// @return the exit code
  int show(Result result, Section more) {
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      Section.Builder all = Section.builder();
      result.answer().nodes().forEach(all::node);
      all.items("log", result.lines());
      more.nodes().forEach(all::node);
      out.println(SectionJson.of(all.build()));
    } else if (result.succeeded()) {
      result.answer().text("msg").filter(msg -> !msg.isEmpty()).ifPresent(out::println);
    } else {
      String why = result.answer().text("errmsg").orElse("failed");
      spec.commandLine().getErr().println("espd: " + why);
    }
    out.flush();
    return result.succeeded() ? Exit.DONE : Exit.FAILED;
  }
}
