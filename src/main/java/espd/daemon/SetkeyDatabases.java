package espd.daemon;

import espd.daemon.setkey.Action;
import espd.daemon.setkey.Answer;
import espd.daemon.setkey.ByHand;
import espd.daemon.setkey.Forwarding;
import espd.daemon.setkey.KeptPolicies;
import espd.daemon.setkey.KernelError;
import espd.daemon.setkey.PolicySelector;
import espd.daemon.setkey.PolicyTable;
import espd.daemon.setkey.Protocol;
import espd.daemon.setkey.SaName;
import espd.daemon.setkey.SetkeyPolicy;
import espd.daemon.setkey.Statement;
import espd.daemon.setkey.Ties;
import espd.daemon.setkey.Where;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Policy;
import espd.spd.Processing.Protect;
import espd.spd.Reqid;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Sadb;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What setkey's statements say of the SPD and the SAD, from files and from setkey's command: the
/// part that a kernel has behind PF_KEY (RFC 2367). Any thread.
///
/// Policies that no file says are kept beside the control socket, as a kernel would keep them when
/// the daemon ends.
final class SetkeyDatabases {

  private static final Logger LOG = LoggerFactory.getLogger(SetkeyDatabases.class);

  /// How long peers may take to answer that an SA of IKE is gone.
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Parts parts;
  private final ManualSas sas;
  private final Map<PolicySelector, Policy> standing = new LinkedHashMap<>();
  private PolicyTable table = new PolicyTable();
  private ByHand files;

  /// What the statements reach.
  ///
  /// @param listening the addresses that sockets are open at
  record Parts(
      Sadb sadb,
      ProtectedTraffic traffic,
      SasOfIke sasOfIke,
      Set<Ipv6Address> listening,
      KeptPolicies kept,
      InstantSource clock) {

    Parts {
      listening = Set.copyOf(listening);
    }
  }

  /// Closes SAs that IKE has negotiated, so that their peers know.
  @FunctionalInterface
  interface SasOfIke {

    /// Closes them, both directions of each; returns when that is done.
    void remove(Predicate<Sa> which);
  }

  /// @param first what the files say, in force with [#begin()]
  SetkeyDatabases(ByHand first, Parts parts) {
    this.parts = parts;
    this.files = first;
    this.sas = new ManualSas(parts.sadb, parts.listening, first.ties(), parts.clock);
  }

  /// Does what the files say.
  synchronized void begin() {
    become(List.of(), files);
  }

  /// {@return the numbers that tie policies to SAs}
  Ties ties() {
    return files.ties();
  }

  /// {@return the policies as they are now}
  synchronized List<SetkeyPolicy> policies() {
    return table.policies();
  }

  /// {@return the SAs that people have made and that send}
  synchronized List<SaParameters> sasByHand() {
    return sas.sending();
  }

  /// Does what the files say that were read anew. SAs that stay the same go on counting.
  synchronized void become(ByHand next) {
    become(files.associations(), next);
  }

  private void become(List<Statement.Add> before, ByHand next) {
    sas.replace(before, next.associations());
    files = next;
    table = new PolicyTable(next.policies());
    settle();
  }

  /// Does one statement; what it changes in the SPD is in force with [#settle()].
  synchronized Answer perform(Statement statement, Forwarding forwarding) {
    return switch (statement) {
      case Statement.SpdAdd(Where _, SetkeyPolicy policy) ->
          refusal(policy).orElseGet(() -> table.perform(statement, forwarding));
      case Statement.SpdUpdate(Where _, SetkeyPolicy policy) ->
          refusal(policy).orElseGet(() -> table.perform(statement, forwarding));
      case Statement.SpdDelete _, Statement.SpdFlush _ -> table.perform(statement, forwarding);
      case Statement.SpdDump _ -> {
        settle();
        yield new Answer.Policies(parts.sadb.spd().entries());
      }
      case Statement.Add add -> answer(sas.add(add));
      case Statement.Get(Where _, SaName name) -> get(name);
      case Statement.Delete(Where _, SaName name) ->
          remove(sa -> isNamed(sa, name))
              ? new Answer.Done()
              : Answer.refused(KernelError.NO_SUCH_PROCESS);
      case Statement.DeleteAll all -> {
        remove(sa -> isEsp(all.protocol()) && isBetween(sa, all.source(), all.destination()));
        yield new Answer.Done();
      }
      case Statement.Flush(Where _, Optional<Protocol> protocol) -> {
        remove(_ -> isEsp(protocol));
        yield new Answer.Done();
      }
      case Statement.Dump(Where _, Optional<Protocol> protocol) ->
          new Answer.Sas(isEsp(protocol) ? parts.sadb.sad().all() : List.of());
      case Statement.Exit _, Statement.Unsupported _ -> new Answer.Done();
    };
  }

  private static Answer answer(Optional<KernelError> error) {
    return error.map(Answer::refused).orElseGet(Answer.Done::new);
  }

  /// A number of people's ties one pair of ends; our end has to be where packets arrive.
  private Optional<Answer> refusal(SetkeyPolicy policy) {
    if (policy.action() != Action.IPSEC) {
      return Optional.empty();
    }
    Protect protect = ties().protect(policy);
    if (!parts.listening.contains(protect.local())) {
      LOG.warn(
          "no socket is open at {} since the start: start espd anew, or with --listen {}",
          protect.local(),
          protect.local());
      return Optional.of(Answer.refused(KernelError.ADDRESS_NOT_AVAILABLE));
    }
    boolean tiesOthers =
        protect.reqid() <= Reqid.LARGEST_MANUAL
            && table.policies().stream()
                .filter(each -> each.action() == Action.IPSEC)
                .map(ties()::protect)
                .anyMatch(other -> other.reqid() == protect.reqid() && !other.equals(protect));
    return tiesOthers
        ? Optional.of(Answer.refused(KernelError.INVALID_ARGUMENT))
        : Optional.empty();
  }

  private Answer get(SaName name) {
    List<Sa> named =
        parts.sadb.sad().all().stream().filter(sa -> isNamed(sa, name)).limit(1).toList();
    return named.isEmpty() ? Answer.refused(KernelError.NO_SUCH_PROCESS) : new Answer.Sas(named);
  }

  private static boolean isEsp(Optional<Protocol> protocol) {
    return protocol.stream().allMatch(p -> p == Protocol.ESP || p == Protocol.ESP_UDP);
  }

  private static boolean isNamed(Sa sa, SaName name) {
    return sa.spi() == name.spi() && isBetween(sa, name.source(), name.destination());
  }

  private static boolean isBetween(Sa sa, Ipv6Address source, Ipv6Address destination) {
    SaParameters parameters = sa.parameters();
    boolean out = sa.direction() == Direction.OUTBOUND;
    return source.equals(out ? parameters.local() : parameters.remote())
        && destination.equals(out ? parameters.remote() : parameters.local());
  }

  /// Takes SAs away; IKE's go with the other direction, and the peer is told.
  private boolean remove(Predicate<Sa> which) {
    boolean byHand = sas.remove(which);
    parts.sadb.settle();
    boolean ofIke = parts.sadb.sad().all().stream().anyMatch(which);
    if (ofIke) {
      parts.sasOfIke.remove(which);
    }
    return byHand || ofIke;
  }

  /// Brings SPD, routes and filter in step with the policies, and SAs with what they serve.
  synchronized void settle() {
    List<Policy> old = new ArrayList<>();
    List<Policy> fresh = new ArrayList<>();
    Map<PolicySelector, Policy> next = new LinkedHashMap<>();
    table.policies().forEach(each -> next.put(each.selector(), ties().policy(each)));
    standing.forEach(
        (selector, policy) -> {
          if (!policy.equals(next.get(selector))) {
            old.add(policy);
          }
        });
    next.forEach(
        (selector, policy) -> {
          if (!policy.equals(standing.get(selector))) {
            fresh.add(policy);
          }
        });
    standing.clear();
    standing.putAll(next);
    sas.serve(next.values());
    if (!old.isEmpty() || !fresh.isEmpty()) {
      parts.traffic.replace(old, fresh);
    }
  }

  /// Keeps the policies that no file says for the next start.
  synchronized void keep() {
    List<SetkeyPolicy> ofFiles =
        files.policies().stream().filter(policy -> !files.kept().contains(policy)).toList();
    try {
      parts.kept.write(
          table.policies().stream().filter(policy -> !ofFiles.contains(policy)).toList());
    } catch (IOException e) {
      LOG.warn("policies are not kept for the next start: {}", e.getMessage());
    }
  }
}
