package espd.daemon.cli;

import espd.daemon.control.SetkeyFormat;
import espd.daemon.setkey.Answer;
import espd.daemon.setkey.Fault;
import espd.daemon.setkey.Forwarding;
import espd.daemon.setkey.KeptPolicies;
import espd.daemon.setkey.KernelError;
import espd.daemon.setkey.PolicyTable;
import espd.daemon.setkey.SetkeyPolicy;
import espd.daemon.setkey.Statement;
import espd.daemon.setkey.Ties;
import espd.daemon.setkey.Way;
import espd.daemon.setkey.Where;
import espd.spd.SpdEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// What setkey does where no daemon runs: policies are kept for its start, and there is no SA.
///
/// @param kept where policies are kept
/// @param forwarding what an `in` policy says of packets that go on
/// @param client says what comes of it
record KeptStatements(KeptPolicies kept, Forwarding forwarding, SetkeyClient client) {

  /// Does statements.
  ///
  /// @return whether no SA was to be added
  boolean perform(List<Statement> statements) throws IOException {
    PolicyTable table = kept.read();
    List<SetkeyPolicy> before = table.policies();
    boolean done = true;
    for (Statement statement : statements) {
      switch (statement) {
        case Statement.Unsupported(Where where, Fault fault) -> {
          client.error(where, fault.message());
          client.explain(fault);
        }
        case Statement.Add add -> {
          done = false;
          client.error(add.where(), KernelError.NO_DAEMON.toString());
          client.explain(
              "line %d: no espd runs to take the keys, and they never go to a disk: start it first"
                  .formatted(add.where().line()));
        }
        case Statement.Get _, Statement.Delete _ ->
            client.error(statement.where(), KernelError.NO_SUCH_PROCESS.toString());
        case Statement.Dump _ -> client.show(format().sad(List.of()));
        case Statement.SpdDump _ -> client.show(format().spd(entries(table)));
        case Statement.DeleteAll _, Statement.Flush _, Statement.Exit _ -> {}
        case Statement.SpdAdd _,
            Statement.SpdUpdate _,
            Statement.SpdDelete _,
            Statement.SpdFlush _ -> {
          if (table.perform(statement, forwarding) instanceof Answer.Refused(var errors)) {
            errors.forEach(error -> client.error(statement.where(), error.toString()));
          }
        }
      }
    }
    if (!table.policies().equals(before)) {
      kept.write(table.policies());
    }
    return done;
  }

  private static SetkeyFormat format() {
    return new SetkeyFormat(Instant.now(), ZoneId.systemDefault(), ProcessHandle.current().pid());
  }

  /// {@return the policies as entries of the SPD, newest first}
  private List<SpdEntry> entries(PolicyTable table) throws IOException {
    Instant created =
        Files.exists(kept.file())
            ? Files.getLastModifiedTime(kept.file()).toInstant()
            : Instant.now();
    Ties ties = new Ties();
    List<SpdEntry> entries = new ArrayList<>();
    int id = 1;
    for (SetkeyPolicy policy : table.policies()) {
      entries.add(new SpdEntry(id, ties.policy(policy), created, new AtomicLong()));
      id += policy.selector().way() == Way.OUT ? 1 : 2;
    }
    return entries.reversed();
  }
}
