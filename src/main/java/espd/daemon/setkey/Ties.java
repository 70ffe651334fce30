package espd.daemon.setkey;

import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Reqid;
import espd.spd.Selector;
import java.util.HashMap;
import java.util.Map;

/// The numbers that tie setkey's policies to their SAs ([Reqid]): the same question has the same
/// answer for as long as the process lives, whoever asks. Any thread.
public final class Ties {

  /// The name that setkey's policies and SAs have for people.
  public static final String NAME = "setkey";

  /// The first that a kernel gives to a policy whose SAs are its own.
  private static final int FIRST_UNIQUE = Reqid.LARGEST_MANUAL + 1;

  private final Map<Ends, Integer> byEnds = new HashMap<>();
  private final Map<Selector, Integer> unique = new HashMap<>();
  private int nextUnique = FIRST_UNIQUE;

  /// None yet.
  public Ties() {}

  private record Ends(Mode mode, Ipv6Address local, Ipv6Address remote) {}

  /// {@return the number of all policies and SAs between two ends that nothing else ties}
  public synchronized int byEnds(Mode mode, Ipv6Address local, Ipv6Address remote) {
    return byEnds.computeIfAbsent(
        new Ends(mode, local, remote), _ -> Reqid.FIRST_BY_ENDS + byEnds.size());
  }

  /// {@return the policy as an entry of the SPD}
  public Policy policy(SetkeyPolicy policy) {
    PolicySelector selector = policy.selector();
    Processing processing =
        switch (policy.action()) {
          case DISCARD -> new Processing.Discard();
          case NONE -> new Processing.Bypass();
          case IPSEC -> protect(policy);
        };
    return new Policy(
        NAME, selector.way().direction(), selector.selector(), policy.priority(), processing);
  }

  /// {@return how an `ipsec` policy protects its packets, seen from this host}
  public Processing.Protect protect(SetkeyPolicy policy) {
    Rule rule = policy.esp().orElseThrow();
    Selector selector = policy.selector().selector();
    boolean out = policy.selector().way() == Way.OUT;
    Ipv6Address local =
        rule.ends()
            .map(ends -> out ? ends.source() : ends.destination())
            .orElse(selector.local().first());
    Ipv6Address remote =
        rule.ends()
            .map(ends -> out ? ends.destination() : ends.source())
            .orElse(selector.remote().first());
    int reqid =
        switch (rule.level()) {
          case Rule.Level.Require(), Rule.Level.Use() -> byEnds(rule.mode(), local, remote);
          case Rule.Level.Unique() -> unique(selector);
          case Rule.Level.UniqueId(int number) -> number;
        };
    return new Processing.Protect(rule.mode(), local, remote, reqid);
  }

  /// The policies of both directions have one number: their SAs are negotiated together.
  private synchronized int unique(Selector selector) {
    return unique.computeIfAbsent(selector, _ -> nextUnique());
  }

  /// Connections of files are numbered by themselves in steps of four from 16385 on.
  private int nextUnique() {
    int next = nextUnique;
    nextUnique += next % 4 == 0 ? 2 : 1;
    return next;
  }
}
