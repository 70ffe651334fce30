package espd.ike.crypto;

import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Finds the proposal both ends allow (RFC 7296 §2.7, §3.3.6): the first of ours that one of the
/// peer's satisfies, and of each transform type the first of ours that it names.
///
/// A type that one end does not name is NONE there (§3.3.3), ESN is then "no ESN". An AEAD goes
/// only with integrity NONE, every other cipher only with a real one.
public final class ProposalSelection {

  /// Two proposals laid side by side with one cipher.
  ///
  /// @param chosen one transform of each type, while they go together
  /// @param differences what does not, in the order of [TransformNames#TYPES]: words for one of
  ///   them, which strangers may have us look for in thousands
  private record Comparison(Proposal chosen, List<Supplier<String>> differences) {}

  /// A proposal of the peer, and what comes of its transforms of types that nobody knows, whatever
  /// ours is: one of these fits where it may be NONE (RFC 7296 §3.3.6).
  ///
  /// @param whole as it came
  /// @param known without the others
  /// @param none those of the others that fit
  /// @param differences those that do not
  private record Offer(
      Proposal whole, Proposal known, List<Transform> none, List<Supplier<String>> differences) {

    static Offer of(Proposal their) {
      List<Transform> known = new ArrayList<>(their.transforms());
      known.removeIf(t -> !TransformNames.TYPES.contains(t.type()));
      Set<Integer> unknown = types(their);
      unknown.removeAll(TransformNames.TYPES);
      Set<Transform> offered = new LinkedHashSet<>(their.transforms());
      List<Transform> fitting = new ArrayList<>();
      List<Supplier<String>> differences = new ArrayList<>();
      for (int type : unknown) {
        Transform none = Transform.of(type, Transform.NONE);
        if (offered.contains(none)) {
          fitting.add(none);
        } else {
          differences.add(() -> Selection.difference(type, their.ofType(type), List.of(none)));
        }
      }
      return new Offer(their, their.withTransforms(known), fitting, differences);
    }
  }

  private ProposalSelection() {}

  /// As responder: chooses from what the peer offers.
  ///
  /// @param ours what we allow, in the order of preference
  /// @param offered what the peer sent
  public static Selection select(List<Proposal> ours, List<Proposal> offered) {
    List<Supplier<String>> closest = List.of();
    List<Offer> offers = offered.stream().map(Offer::of).toList();
    for (Proposal our : ours) {
      for (Offer their : offers) {
        Comparison comparison = compare(our, their);
        if (comparison.differences.isEmpty()) {
          return new Selection.Chosen(comparison.chosen);
        }
        closest = fewer(closest, comparison.differences);
      }
    }
    String difference = closest.isEmpty() ? "nothing to compare" : closest.getFirst().get();
    return new Selection.Mismatch(offered, ours, difference);
  }

  /// As initiator: checks that the peer chose one of what we sent, and only one (RFC 7296 §3.3).
  ///
  /// @param sent what we sent, with its numbers
  /// @param answered what the peer answered
  public static Selection confirm(List<Proposal> sent, List<Proposal> answered) {
    if (answered.size() != 1) {
      return new Selection.Mismatch(answered, sent, answered.size() + " proposals, not one");
    }
    Proposal answer = answered.getFirst();
    for (int type : types(answer)) {
      if (answer.ofType(type).size() > 1) {
        String several = "several transforms of type " + TransformNames.ofType(type);
        return new Selection.Mismatch(answered, sent, several);
      }
    }
    List<Proposal> meant = sent.stream().filter(p -> p.number() == answer.number()).toList();
    if (meant.isEmpty()) {
      return new Selection.Mismatch(answered, sent, "there is no number " + answer.number());
    }
    return switch (select(meant, answered)) {
      case Selection.Chosen chosen -> chosen;
      case Selection.Mismatch mismatch ->
          new Selection.Mismatch(answered, sent, mismatch.difference());
    };
  }

  private static List<Supplier<String>> fewer(
      List<Supplier<String>> closest, List<Supplier<String>> differences) {
    return closest.isEmpty() || differences.size() < closest.size() ? differences : closest;
  }

  private static Comparison compare(Proposal our, Offer offer) {
    Proposal their = offer.whole;
    if (our.protocol() != their.protocol()) {
      return new Comparison(
          their,
          List.of(
              () ->
                  "protocol differs: offered %d, allowed %d"
                      .formatted(their.protocol(), our.protocol())));
    }
    Comparison known = compareKnown(our, offer.known);
    return new Comparison(
        their.withTransforms(both(known.chosen.transforms(), offer.none)),
        both(known.differences, offer.differences));
  }

  private static <T> List<T> both(List<T> some, List<T> others) {
    return others.isEmpty() ? some : Stream.concat(some.stream(), others.stream()).toList();
  }

  private static Comparison compareKnown(Proposal our, Proposal their) {
    List<Transform> offered = their.ofType(Transform.ENCR);
    List<Transform> ciphers =
        our.ofType(Transform.ENCR).stream().filter(offered::contains).toList();
    return ciphers.stream()
        .map(cipher -> withCipher(our, their, List.of(cipher)))
        .min(Comparator.comparingInt(comparison -> comparison.differences.size()))
        .orElseGet(() -> withCipher(our, their, List.of()));
  }

  /// @param cipher the one both name, or none: then that is the first difference
  private static Comparison withCipher(Proposal our, Proposal their, List<Transform> cipher) {
    List<Transform> chosen = new ArrayList<>(cipher);
    List<Supplier<String>> differences = new ArrayList<>();
    if (cipher.isEmpty()) {
      differences.add(
          () ->
              Selection.difference(
                  Transform.ENCR, their.ofType(Transform.ENCR), our.ofType(Transform.ENCR)));
    }
    List<List<Transform>> common = new ArrayList<>();
    for (int type : types(our, their)) {
      List<Transform> allowed = allowed(our, type, cipher);
      List<Transform> offered = orNone(their.ofType(type), type);
      common.add(allowed.stream().filter(offered::contains).toList());
      if (common.getLast().isEmpty()) {
        differences.add(() -> Selection.difference(type, offered, allowed));
        common.removeLast();
      }
    }
    Optional<List<Transform>> firsts = firsts(common, List.of());
    firsts.ifPresentOrElse(
        chosen::addAll, () -> differences.add(() -> Selection.repetition(common)));
    chosen.removeIf(t -> !their.names(t.type()));
    return new Comparison(their.withTransforms(chosen), differences);
  }

  /// The first of each list, where every key exchange has another method and none is additional to
  /// none: NONE alone may repeat (RFC 9370 §2.2.1).
  private static Optional<List<Transform>> firsts(
      List<List<Transform>> common, List<Transform> before) {
    if (before.size() == common.size()) {
      return Optional.of(before);
    }
    for (Transform next : common.get(before.size())) {
      boolean exchanges = Transform.isKeyExchange(next.type());
      if (!exchanges || next.id() == Transform.NONE || isFresh(next, before)) {
        List<Transform> then = Stream.concat(before.stream(), Stream.of(next)).toList();
        Optional<List<Transform>> all = firsts(common, then);
        if (all.isPresent() || !exchanges) {
          return all;
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isFresh(Transform method, List<Transform> before) {
    return before.stream()
        .filter(t -> Transform.isKeyExchange(t.type()))
        .noneMatch(
            t -> t.id() == method.id() || (t.type() == Transform.DH && t.id() == Transform.NONE));
  }

  private static List<Transform> allowed(Proposal our, int type, List<Transform> cipher) {
    List<Transform> named = our.ofType(type);
    if (type != Transform.INTEG || cipher.isEmpty()) {
      return orNone(named, type);
    }
    return Suites.isAead(cipher.getFirst())
        ? List.of(Transform.of(type, Transform.NONE))
        : named.stream().filter(t -> t.id() != Transform.NONE).toList();
  }

  private static List<Transform> orNone(List<Transform> named, int type) {
    return named.isEmpty() ? List.of(Transform.of(type, Transform.NONE)) : named;
  }

  /// The types that are named at all, without the cipher's.
  private static Set<Integer> types(Proposal our, Proposal their) {
    Set<Integer> types = new LinkedHashSet<>();
    for (int type : TransformNames.TYPES) {
      if (type == Transform.INTEG || our.names(type) || their.names(type)) {
        types.add(type);
      }
    }
    types.addAll(types(our));
    types.addAll(types(their));
    types.remove(Transform.ENCR);
    return types;
  }

  private static Set<Integer> types(Proposal proposal) {
    Set<Integer> types = new LinkedHashSet<>();
    proposal.transforms().forEach(each -> types.add(each.type()));
    return types;
  }
}
