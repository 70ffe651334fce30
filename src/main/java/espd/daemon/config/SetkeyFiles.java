package espd.daemon.config;

import espd.daemon.setkey.Action;
import espd.daemon.setkey.ByHand;
import espd.daemon.setkey.Fault;
import espd.daemon.setkey.KernelError;
import espd.daemon.setkey.PolicyTable;
import espd.daemon.setkey.Protocol;
import espd.daemon.setkey.SaName;
import espd.daemon.setkey.SetkeyException;
import espd.daemon.setkey.SetkeyParser;
import espd.daemon.setkey.SetkeyPolicy;
import espd.daemon.setkey.Statement;
import espd.daemon.setkey.Ties;
import espd.daemon.setkey.Where;
import espd.spd.Ipv6Address;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Files of setkey's language, as if setkey had been run with each of them, one after the other.
final class SetkeyFiles {

  private final HostView host;
  private final Findings findings;
  private final Ties ties;
  private final Map<Ipv6Address, Boolean> local = new HashMap<>();
  private final PolicyTable table = new PolicyTable();
  private final List<SetkeyPolicy> kept = new ArrayList<>();
  private final List<Statement.Add> associations = new ArrayList<>();

  /// @param host whose addresses the policies speak of
  SetkeyFiles(HostView host, Findings findings, Ties ties) {
    this.host = host;
    this.findings = findings;
    this.ties = ties;
  }

  /// Reads a file of people's.
  ///
  /// @param octets wiped afterwards
  void read(Path file, byte[] octets) {
    try {
      List<Statement> statements = SetkeyParser.all(octets);
      if (statements.stream().anyMatch(Statement.Add.class::isInstance)) {
        PrivateFile.require(file, findings); // keys stand in it
      }
      statements.forEach(statement -> perform(file, statement));
    } catch (SetkeyException e) {
      problem(file, e.fault());
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /// Reads what setkey's command has kept. What does not fit this host any more is left out.
  void readKept(Path file, byte[] octets) {
    try {
      for (Statement statement : SetkeyParser.all(octets)) {
        if (statement instanceof Statement.SpdAdd(Where where, SetkeyPolicy policy)) {
          if (isOfThisHost(policy)) {
            table.add(policy);
            kept.add(policy);
          } else {
            findings.warn(place(file, where), "left out, for no end is an address of this host");
          }
        }
      }
    } catch (SetkeyException e) {
      problem(file, e.fault());
    }
  }

  /// {@return what the files say}
  ByHand byHand() {
    List<SetkeyPolicy> policies = table.policies();
    return new ByHand(
        policies, kept.stream().filter(policies::contains).toList(), associations, ties);
  }

  private void perform(Path file, Statement statement) {
    switch (statement) {
      case Statement.Unsupported unsupported -> problem(file, unsupported.fault());
      case Statement.SpdAdd(Where where, SetkeyPolicy policy) -> {
        // What is kept gives way to what people write.
        table.policy(policy.selector()).filter(kept::contains).ifPresent(table::remove);
        policy(file, where, policy, statement);
      }
      case Statement.SpdUpdate(Where where, SetkeyPolicy policy) ->
          policy(file, where, policy, statement);
      case Statement.SpdDelete _, Statement.SpdFlush _ ->
          refused(file, statement.where(), table.perform(statement));
      case Statement.Add add -> add(file, add);
      case Statement.Delete(Where where, SaName name) -> {
        if (!forget(each -> each.name().equals(name))) {
          refused(file, where, Optional.of(KernelError.NO_SUCH_PROCESS));
        }
      }
      case Statement.DeleteAll(
              Where _,
              Ipv6Address source,
              Ipv6Address destination,
              Optional<Protocol> protocol) ->
          forget(
              each ->
                  each.name().source().equals(source)
                      && each.name().destination().equals(destination)
                      && protocol.stream().allMatch(each.name().protocol()::equals));
      case Statement.Flush(Where _, Optional<Protocol> protocol) ->
          forget(each -> protocol.stream().allMatch(each.name().protocol()::equals));
      case Statement.Get _, Statement.Dump _, Statement.SpdDump _ ->
          findings.warn(place(file, statement.where()), "shows nothing in a configuration");
      case Statement.Exit _ -> {}
    }
  }

  private void policy(Path file, Where where, SetkeyPolicy policy, Statement statement) {
    if (!isOfThisHost(policy)) {
      Ipv6Address local = ties.protect(policy).local();
      findings.problem(
          place(file, where),
          local + " as this host's end",
          "an address of this host; on the peer in and out change places");
      return;
    }
    refused(file, where, table.perform(statement));
  }

  private boolean isOfThisHost(SetkeyPolicy policy) {
    return policy.action() != Action.IPSEC || isLocal(ties.protect(policy).local());
  }

  private boolean isLocal(Ipv6Address address) {
    return local.computeIfAbsent(address, host::isLocal);
  }

  private void add(Path file, Statement.Add add) {
    SaName name = add.name();
    boolean there = associations.stream().anyMatch(each -> each.name().equals(name));
    boolean ours = isLocal(name.source()) != isLocal(name.destination());
    if (there || !ours) {
      add.discard();
      refused(
          file,
          add.where(),
          Optional.of(there ? KernelError.FILE_EXISTS : KernelError.ADDRESS_NOT_AVAILABLE));
      return;
    }
    associations.add(add);
    if (add.keying().suite().encryption().isAead()) {
      findings.warn(
          place(file, add.where()),
          "an SA by hand begins to count anew whenever espd starts, and this cipher then tells"
              + " what it hides (RFC 8221 §3): take another, or IKE");
    }
  }

  private boolean forget(Predicate<Statement.Add> which) {
    associations.stream().filter(which).forEach(Statement::discard);
    return associations.removeIf(which);
  }

  private void refused(Path file, Where where, Optional<KernelError> error) {
    error.ifPresent(
        reason ->
            findings.problem(
                place(file, where),
                "what cannot be done: " + reason,
                switch (reason) {
                  case FILE_EXISTS -> "one statement for each policy and each SA";
                  case NO_ENTRY, NO_SUCH_PROCESS -> "a statement before that adds it";
                  case ADDRESS_NOT_AVAILABLE -> "one end that is an address of this host";
                  case NOT_SUPPORTED -> "an in policy, which is fwd, too";
                  case INVALID_ARGUMENT, PROTOCOL_NOT_SUPPORTED, NO_DAEMON -> "another statement";
                }));
  }

  private void problem(Path file, Fault fault) {
    findings.problem(new Place(file, fault.line(), fault.column()), fault.read(), fault.expected());
  }

  private static Place place(Path file, Where where) {
    return new Place(file, where.line(), where.column());
  }
}
