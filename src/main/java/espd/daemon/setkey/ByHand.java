package espd.daemon.setkey;

import espd.spd.Ipv6Address;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What setkey's files fill the databases with.
///
/// @param policies in the order they were added
/// @param kept those of them that no file of people's says, but setkey's command has said before
/// @param associations SAs by hand; whoever installs none of them wipes their keys
/// @param ties the numbers that tie policies to SAs
public record ByHand(
    List<SetkeyPolicy> policies,
    List<SetkeyPolicy> kept,
    List<Statement.Add> associations,
    Ties ties) {

  /// Copies the lists.
  public ByHand {
    policies = List.copyOf(policies);
    kept = List.copyOf(kept);
    associations = List.copyOf(associations);
  }

  /// {@return nothing}
  public static ByHand nothing(Ties ties) {
    return new ByHand(List.of(), List.of(), List.of(), ties);
  }

  /// {@return the addresses of this host that ESP is spoken at}
  ///
  /// @param isLocal says which are this host's
  public Set<Ipv6Address> locals(Predicate<Ipv6Address> isLocal) {
    Stream<Ipv6Address> ofPolicies =
        policies.stream()
            .filter(policy -> policy.action() == Action.IPSEC)
            .map(policy -> ties.protect(policy).local());
    Stream<Ipv6Address> ofSas =
        associations.stream()
            .map(Statement.Add::name)
            .flatMap(name -> Stream.of(name.source(), name.destination()));
    return Stream.concat(ofPolicies, ofSas).filter(isLocal).collect(Collectors.toUnmodifiableSet());
  }

  /// {@return this with other policies}
  public ByHand with(List<SetkeyPolicy> others) {
    return new ByHand(others, kept, associations, ties);
  }

  /// {@return the numbers that tie the policies to SAs}
  public Set<Integer> reqids() {
    return policies.stream()
        .filter(policy -> policy.action() == Action.IPSEC)
        .map(policy -> ties.protect(policy).reqid())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Wipes the keys of SAs that are not installed.
  public void discard() {
    associations.forEach(Statement::discard);
  }
}
