package espd.ike.exchange;

import espd.ike.crypto.Role;
import espd.ike.crypto.SharedSecrets;
import espd.ike.message.Bytes;
import java.util.Optional;

/// What comes of a CREATE_CHILD_SA request of the peer once its last key exchange is done (RFC 7296
/// §1.3, RFC 9370 §2.2.4): a Child SA, or the IKE SA's successor.
final class Completion {

  private final ChildNegotiation children;
  private final Establishment establishment;
  private final IkeRekey ikeRekey;

  Completion(Surroundings surroundings) {
    this.children = new ChildNegotiation(surroundings);
    this.establishment = new Establishment(surroundings);
    this.ikeRekey = new IkeRekey(surroundings);
  }

  /// {@return the IKE SA with the SA}
  ///
  /// @param secrets of its key exchanges; none for a Child SA without; wiped
  Established of(Established s, Granted granted, Optional<SharedSecrets> secrets, Actions actions) {
    return switch (granted.answering()) {
      case Answering.Child child ->
          child(
              s,
              child.choice(),
              new ChildNegotiation.Source(
                  actions.now(), Role.RESPONDER, child.ni(), granted.nr(), secrets),
              actions);
      case Answering.Ike ike -> ike(s, granted, ike, secrets.orElseThrow(), actions);
    };
  }

  /// The inbound SA is installed. In a rekey the peer can receive with the new SA only when it has
  /// our answer, so the outbound SA waits until it must have: [Handover].
  private Established child(
      Established s, ChildChoice choice, ChildNegotiation.Source source, Actions actions) {
    ChildSa made = children.make(s.ikeSa(), choice, source);
    Optional<ChildSa> old = choice.replaced().flatMap(child -> s.child(child.inbound().spi()));
    ChildSa child = old.isPresent() ? Handover.deferred(made, actions.now()) : made;
    Established up = establishment.up(s, child, old, actions);
    Bytes lowest = Nonces.lower(source.ni(), source.nr());
    return old.map(o -> Collisions.noteRival(up, o, child, lowest)).orElse(up);
  }

  private Established ike(
      Established s, Granted granted, Answering.Ike ike, SharedSecrets secrets, Actions actions) {
    IkeSa ikeSa =
        ikeRekey.ikeSa(s.ikeSa(), Role.RESPONDER, ike.chosen(), granted.inputs(ike), secrets);
    Established successor = establishment.successor(s, ikeSa, actions.now());
    Pending.IkeRival rival = new Pending.IkeRival(successor, granted.lowestNonce());
    Optional<Pending> crossed = s.work().pending().flatMap(p -> Collisions.withRival(p, rival));
    return crossed.map(s::pending).orElseGet(() -> ikeRekey.handOver(s, successor, actions));
  }
}
