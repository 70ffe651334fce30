package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Node;
import espd.daemon.control.Section;
import espd.daemon.setkey.Fault;
import espd.daemon.setkey.Forwarding;
import espd.daemon.setkey.KeptPolicies;
import espd.daemon.setkey.Statement;
import espd.daemon.setkey.Where;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Has statements done by the daemon, or, where none runs, by [KeptStatements]; says what comes of
/// them in setkey's words.
final class SetkeyClient {

  /// Statements go to the daemon in texts of about this many octets.
  private static final int CHUNK = 16_384;

  /// A value of vici has at most 65,535 octets.
  private static final int LONGEST = 60_000;

  private final Path control;
  private final Wishes wishes;
  private final PrintWriter out;
  private final PrintWriter err;

  /// What the options say of all statements.
  ///
  /// @param forwarding whether an `in` policy is `fwd`, too
  /// @param ports whether SAs are shown with ports
  /// @param lines whether errors name the line, as those of a file do
  record Wishes(Forwarding forwarding, boolean ports, boolean lines) {}

  SetkeyClient(Path control, Wishes wishes, PrintWriter out, PrintWriter err) {
    this.control = control;
    this.wishes = wishes;
    this.out = out;
    this.err = err;
  }

  /// Does statements, one after the other, whatever becomes of each.
  ///
  /// @param statements whose keys are wiped afterwards
  /// @param text the octets that they were read from
  /// @return whether none of them was left out for want of a daemon
  boolean perform(List<Statement> statements, byte[] text) throws IOException {
    try (ControlClient daemon = UnreachableException.connect(control)) {
      List<Statement> batch = new ArrayList<>();
      int octets = 0;
      for (Statement statement : statements) {
        int length = length(statement);
        if (octets + length > CHUNK || statement instanceof Statement.Unsupported) {
          send(batch, text, daemon);
          batch.clear();
          octets = 0;
        }
        if (statement instanceof Statement.Unsupported(Where where, Fault fault)) {
          error(where, fault.message());
          explain(fault);
        } else if (length > LONGEST) {
          error(statement.where(), "Message too long");
        } else {
          batch.add(statement);
          octets += length;
        }
      }
      send(batch, text, daemon);
      return true;
    } catch (UnreachableException e) {
      return new KeptStatements(KeptPolicies.beside(control), wishes.forwarding, this)
          .perform(statements);
    } finally {
      statements.forEach(Statement::discard);
      out.flush();
    }
  }

  private static int length(Statement statement) {
    return statement.where().to() - statement.where().from() + 1;
  }

  private void send(List<Statement> batch, byte[] text, ControlClient daemon) throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    byte[] octets = new byte[batch.stream().mapToInt(SetkeyClient::length).sum()];
    int at = 0;
    for (Statement each : batch) {
      Where where = each.where();
      System.arraycopy(text, where.from(), octets, at, where.to() - where.from());
      at += length(each);
      octets[at - 1] = '\n';
    }
    for (Section row : daemon.rows(request(octets, List.of()))) {
      int index = row.text("statement").map(Integer::parseInt).orElse(0);
      row.text("text").ifPresent(this::show);
      row.text("error").ifPresent(error -> error(batch.get(index).where(), error));
    }
  }

  /// {@return the daemon's command that shows the SAs in the short form}
  Command brief() {
    return request("dump;".getBytes(StandardCharsets.US_ASCII), List.of("short"));
  }

  private Command request(byte[] statements, List<String> how) {
    Section.Builder request =
        Section.builder()
            .text("pid", ProcessHandle.current().pid())
            .node("data", new Node.Secret(KeyMaterial.copyOf(statements)));
    Arrays.fill(statements, (byte) 0);
    how.forEach(name -> request.text(name, "yes"));
    if (wishes.ports) {
      request.text("ports", "yes");
    }
    if (wishes.forwarding == Forwarding.BY_ITSELF) {
      request.text("kernel", "yes");
    }
    return new Command("espd-setkey", request.build());
  }

  /// Shows what a statement answers.
  void show(String text) {
    out.print(text);
  }

  /// Says that a statement was not done.
  void error(Where where, String error) {
    out.println((wishes.lines ? "The result of line " + where.endLine() + ": " : "") + error + ".");
  }

  /// Says what setkey has no words for, where it disturbs nobody who reads setkey's output.
  void explain(String why) {
    err.println("setkey: " + why);
    err.flush();
  }

  /// Says where the fault is and what could stand there.
  void explain(Fault fault) {
    explain(
        "line %d, column %d: read %s, expected %s"
            .formatted(fault.line(), fault.column(), fault.read(), fault.expected()));
  }
}
