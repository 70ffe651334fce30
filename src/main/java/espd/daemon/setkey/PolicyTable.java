package espd.daemon.setkey;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The policies that setkey's statements make, in the order they were added: no two with the same
/// selector. For one thread.
///
/// An `in` policy is about packets that go on, too, so there is no `fwd` policy besides it; one
/// that somebody adds is there already.
public final class PolicyTable {

  private final Map<PolicySelector, SetkeyPolicy> policies = new LinkedHashMap<>();

  /// An empty table.
  public PolicyTable() {}

  /// A table with these policies.
  ///
  /// @param present with selectors that differ
  public PolicyTable(List<SetkeyPolicy> present) {
    present.forEach(policy -> policies.put(policy.selector(), policy));
  }

  /// {@return the policies, in the order they were added}
  public List<SetkeyPolicy> policies() {
    return List.copyOf(policies.values());
  }

  /// {@return the policy of that selector, or nothing}
  public Optional<SetkeyPolicy> policy(PolicySelector selector) {
    return Optional.ofNullable(policies.get(selector));
  }

  /// Adds a policy.
  ///
  /// @return why not, where it is not
  public Optional<KernelError> add(SetkeyPolicy policy) {
    PolicySelector selector = policy.selector();
    if (selector.way() == Way.FWD) {
      return Optional.of(isInbound(selector) ? KernelError.FILE_EXISTS : KernelError.NOT_SUPPORTED);
    }
    return policies.putIfAbsent(selector, policy) == null
        ? Optional.empty()
        : Optional.of(KernelError.FILE_EXISTS);
  }

  /// Puts a policy in the place of the one of its selector, or at the end.
  ///
  /// @return why not, where it is not
  public Optional<KernelError> update(SetkeyPolicy policy) {
    PolicySelector selector = policy.selector();
    if (selector.way() == Way.FWD) {
      return isInbound(selector) ? Optional.empty() : Optional.of(KernelError.NOT_SUPPORTED);
    }
    policies.put(selector, policy);
    return Optional.empty();
  }

  /// Takes a policy away.
  ///
  /// @return why not, where it is not
  public Optional<KernelError> delete(PolicySelector selector) {
    if (selector.way() == Way.FWD && isInbound(selector)) {
      return Optional.of(KernelError.NOT_SUPPORTED);
    }
    return policies.remove(selector) == null ? Optional.of(KernelError.NO_ENTRY) : Optional.empty();
  }

  private boolean isInbound(PolicySelector forwarded) {
    return policies.containsKey(forwarded.in(Way.IN));
  }

  /// Takes a policy away, where it is there.
  public void remove(SetkeyPolicy policy) {
    policies.remove(policy.selector(), policy);
  }

  /// Takes all policies away.
  public void flush() {
    policies.clear();
  }

  /// Does what a statement says about policies; others do nothing.
  ///
  /// @return why not, where it does not
  public Optional<KernelError> perform(Statement statement) {
    return switch (statement) {
      case Statement.SpdAdd(Where _, SetkeyPolicy policy) -> add(policy);
      case Statement.SpdUpdate(Where _, SetkeyPolicy policy) -> update(policy);
      case Statement.SpdDelete(Where _, PolicySelector selector) -> delete(selector);
      case Statement.SpdFlush _ -> {
        policies.clear();
        yield Optional.empty();
      }
      case Statement.Add _,
          Statement.Get _,
          Statement.Delete _,
          Statement.DeleteAll _,
          Statement.Flush _,
          Statement.Dump _,
          Statement.Exit _,
          Statement.SpdDump _,
          Statement.Unsupported _ ->
          Optional.empty();
    };
  }

  /// Does what a statement of setkey's command says about policies, and answers as a kernel does: a
  /// policy for what arrives is two of Linux's, so what goes wrong with it does so twice.
  public Answer perform(Statement statement, Forwarding forwarding) {
    Optional<Way> way =
        switch (statement) {
          case Statement.SpdAdd(Where _, SetkeyPolicy policy) ->
              Optional.of(policy.selector().way());
          case Statement.SpdUpdate(Where _, SetkeyPolicy policy) ->
              Optional.of(policy.selector().way());
          case Statement.SpdDelete(Where _, PolicySelector selector) -> Optional.of(selector.way());
          case Statement.Add _,
              Statement.Get _,
              Statement.Delete _,
              Statement.DeleteAll _,
              Statement.Flush _,
              Statement.Dump _,
              Statement.Exit _,
              Statement.SpdDump _,
              Statement.SpdFlush _,
              Statement.Unsupported _ ->
              Optional.empty();
        };
    Optional<KernelError> error = perform(statement);
    boolean byItself = forwarding == Forwarding.BY_ITSELF;
    if (byItself && way.equals(Optional.of(Way.FWD))) {
      error = error.filter(each -> each == KernelError.NOT_SUPPORTED && !isDelete(statement));
    }
    boolean twice = !byItself && way.equals(Optional.of(Way.IN));
    return error
        .<Answer>map(each -> new Answer.Refused(Collections.nCopies(twice ? 2 : 1, each)))
        .orElseGet(Answer.Done::new);
  }

  private static boolean isDelete(Statement statement) {
    return statement instanceof Statement.SpdDelete;
  }

  /// {@return the policies in setkey's language, a line each, which makes the same table again}
  public String text() {
    List<String> lines = new ArrayList<>();
    policies.values().forEach(policy -> lines.add("spdadd " + policy + ";\n"));
    return String.join("", lines);
  }
}
