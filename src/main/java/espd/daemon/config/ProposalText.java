package espd.daemon.config;

import espd.ike.crypto.ProposalSelection;
import espd.ike.crypto.Selection;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The values of `ike=` and `esp=`: proposals separated by commas, their algorithms by `-`, in the
/// writing of strongSwan (`aes128-sha256-modp2048`, `aes256gcm16-prfsha384-x25519-ke1_mlkem768`),
/// of Openswan (`aes-128-sha1;modp1536`) or of libreswan (`aes_gcm256-sha2_512+sha2_256-dh19`).
///
/// A `!` at the end proposes only these; without it the defaults follow.
///
/// @param proposals in the order of preference (RFC 7296 §3.3.1), numbered from 1
/// @param notes what people should know about them
record ProposalText(List<Proposal> proposals, Set<String> notes) {

  private static final String EXAMPLE = " as in aes128-sha256-modp2048";

  /// Perfect forward secrecy as `pfs=` and `pfsgroup=` ask for it.
  ///
  /// @param wanted whether groups named in `esp=` count
  /// @param groups for proposals of `esp=` that name none
  record Pfs(boolean wanted, List<Transform> groups) {}

  /// Reads `ike=`.
  static ProposalText ike(Optional<Value> value, Repertoire repertoire) throws Unreadable {
    Builder builder = new Builder(Proposal.IKE);
    if (value.isEmpty()) {
      return builder.withDefaults(repertoire.ikeDefaults());
    }
    for (Value part : parts(value.get())) {
      List<Transform> named = ikeTransforms(part, repertoire.groups(), builder.notes);
      repertoire.requireIke(part, named);
      builder.add(named);
    }
    return strict(value.get()) ? builder.done() : builder.withDefaults(repertoire.ikeDefaults());
  }

  /// Reads `esp=`.
  static ProposalText esp(Optional<Value> value, Pfs pfs, Repertoire repertoire) throws Unreadable {
    Builder builder = new Builder(Proposal.ESP);
    List<List<Transform>> defaults =
        repertoire.espDefaults().stream().map(each -> withGroups(each, pfs)).toList();
    if (value.isEmpty()) {
      return builder.withDefaults(defaults);
    }
    for (Value part : parts(value.get())) {
      List<Transform> named = espTransforms(part, words(part), builder.notes);
      repertoire.requireEsp(part, named);
      builder.add(different(part, Proposal.ESP, withGroups(named, pfs)));
    }
    return strict(value.get()) ? builder.done() : builder.withDefaults(defaults);
  }

  private static boolean strict(Value value) {
    return value.text().endsWith("!");
  }

  private static List<Value> parts(Value value) throws Unreadable {
    Value proposals = strict(value) ? value.part(0, value.text().length() - 1) : value;
    List<Value> parts = proposals.split(",");
    for (Value part : parts) {
      if (part.isEmpty()) {
        throw new Unreadable(part.place(), "an empty proposal", "algorithms" + EXAMPLE);
      }
    }
    return parts;
  }

  private static List<Algorithm> words(Value part) throws Unreadable {
    List<Value> words = part.split("-;+");
    List<Algorithm> algorithms = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      Value word = words.get(i);
      String text = word.text();
      if (i + 1 < words.size() && words.get(i + 1).text().matches("\\d{3}")) {
        text += words.get(++i).text();
      }
      if (Algorithm.plain(text).equals("null")) {
        if (algorithms.isEmpty()) {
          algorithms.add(Algorithm.NULL_ENCRYPTION);
        }
        continue;
      }
      Optional<Algorithm> algorithm = Algorithm.of(text);
      if (algorithm.isEmpty()) {
        throw new Unreadable(word, Algorithm.insteadOf(text));
      }
      algorithms.add(algorithm.get());
    }
    return algorithms;
  }

  private static List<Transform> ikeTransforms(
      Value part, List<Transform> usualGroups, Set<String> notes) throws Unreadable {
    List<Algorithm> words = words(part);
    boolean aead = isAead(part, words);
    refuse(part, words, Transform.ESN, "no esn or noesn in ike=");
    if (of(words, Transform.ENCR).contains(Transform.of(Transform.ENCR, Algorithm.NULL))) {
      throw new Unreadable(part, "a cipher, as aes128: IKE is always encrypted");
    }
    List<Transform> integrity = of(words, Transform.INTEG);
    List<Transform> prfs = new ArrayList<>(of(words, Transform.PRF));
    if (prfs.isEmpty()) {
      integrity.forEach(each -> prfs.add(Algorithm.prfOf(each)));
    }
    if (prfs.isEmpty()) {
      throw new Unreadable(part, aead ? "also a PRF, as prfsha256" : "also a hash, as sha256");
    }
    if (!aead && integrity.isEmpty()) {
      throw new Unreadable(part, "also a hash for integrity, as sha256");
    }
    List<Transform> groups = of(words, Transform.DH);
    if (groups.contains(Transform.of(Transform.DH, 0))) {
      throw new Unreadable(part, "a group: IKE has no exchange without one");
    }
    if (groups.isEmpty()) {
      notes.add("ike=" + part.text() + " names no group; the usual ones are proposed with it");
      groups = usualGroups;
    }
    words.forEach(word -> note(word, notes));
    List<Transform> all = new ArrayList<>(of(words, Transform.ENCR));
    all.addAll(aead ? List.of() : integrity);
    all.addAll(prfs);
    all.addAll(groups);
    all.addAll(additional(part, words));
    return different(part, Proposal.IKE, all);
  }

  private static List<Transform> espTransforms(Value part, List<Algorithm> words, Set<String> notes)
      throws Unreadable {
    boolean aead = isAead(part, words);
    refuse(part, words, Transform.PRF, "no PRF in esp=");
    List<Transform> integrity = of(words, Transform.INTEG);
    if (!aead && integrity.isEmpty()) {
      throw new Unreadable(
          part, "also an integrity algorithm, as sha256 (RFC 8221 §4 forbids to do without)");
    }
    words.stream()
        .filter(word -> word.transform().type() != Transform.INTEG || !aead)
        .forEach(word -> note(word, notes));
    List<Transform> all = new ArrayList<>(of(words, Transform.ENCR));
    all.addAll(aead ? List.of() : integrity);
    all.addAll(of(words, Transform.DH));
    all.addAll(additional(part, words));
    List<Transform> esn = of(words, Transform.ESN);
    all.addAll(esn.isEmpty() ? List.of(Transform.of(Transform.ESN, 0)) : esn);
    return all;
  }

  /// Additional key exchanges, in their order: each number after the one before (RFC 9370 §2.2.1).
  private static List<Transform> additional(Value part, List<Algorithm> words) throws Unreadable {
    List<Transform> all = new ArrayList<>();
    int last = 0;
    for (int number = 1; number <= Transform.ADDKE.size(); number++) {
      List<Transform> methods = of(words, Transform.ADDKE.get(number - 1));
      if (!methods.isEmpty() && last < number - 1) {
        throw new Unreadable(part, "ke" + (last + 1) + "_ before ke" + number + "_");
      }
      last = methods.isEmpty() ? last : number;
      all.addAll(methods);
    }
    return all;
  }

  /// Refuses what would exchange by one method twice, or add to no key exchange (RFC 9370 §2.2.1).
  private static List<Transform> different(Value part, int protocol, List<Transform> transforms)
      throws Unreadable {
    boolean first = transforms.stream().anyMatch(each -> each.type() == Transform.DH);
    Proposal proposal = new Proposal(1, protocol, Bytes.EMPTY, transforms);
    if (proposal.hasAdditionalKeyExchanges() && !first) {
      throw new Unreadable(part, "a group before ke1_, as x25519: ke1_ adds to its key exchange");
    }
    return switch (ProposalSelection.select(List.of(proposal), List.of(proposal))) {
      case Selection.Chosen chosen -> transforms;
      case Selection.Mismatch mismatch ->
          throw new Unreadable(part, "another method for each key exchange, or ke1_none");
    };
  }

  private static void note(Algorithm word, Set<String> notes) {
    if (!word.advice().isEmpty()) {
      notes.add("it names what is going out of use: " + word.advice());
    }
  }

  private static boolean isAead(Value part, List<Algorithm> words) throws Unreadable {
    List<Algorithm> ciphers =
        words.stream().filter(word -> word.transform().type() == Transform.ENCR).toList();
    if (ciphers.isEmpty()) {
      throw new Unreadable(part, "a cipher first, as aes128 or aes128gcm16");
    }
    Predicate<Algorithm> aead = Algorithm::isAead;
    if (ciphers.stream().anyMatch(aead) && ciphers.stream().anyMatch(aead.negate())) {
      throw new Unreadable(
          part, "two proposals with a comma between: GCM, ChaCha20 and CBC do not mix");
    }
    return ciphers.getFirst().isAead();
  }

  private static void refuse(Value part, List<Algorithm> words, int type, String expected)
      throws Unreadable {
    if (!of(words, type).isEmpty()) {
      throw new Unreadable(part, expected);
    }
  }

  private static List<Transform> of(List<Algorithm> words, int type) {
    return words.stream()
        .map(Algorithm::transform)
        .filter(transform -> transform.type() == type)
        .distinct()
        .toList();
  }

  private static List<Transform> withGroups(List<Transform> transforms, Pfs pfs) {
    boolean none = transforms.contains(Transform.of(Transform.DH, 0));
    List<Transform> named = transforms.stream().filter(t -> t.type() == Transform.DH).toList();
    List<Transform> groups = named.isEmpty() ? pfs.groups() : named;
    boolean alone = none && groups.size() == 1;
    boolean exchanges = pfs.wanted() && !alone;
    List<Transform> all =
        new ArrayList<>(
            transforms.stream()
                .filter(
                    t -> exchanges ? t.type() != Transform.DH : !Transform.isKeyExchange(t.type()))
                .toList());
    if (exchanges) {
      all.addAll(groups);
    }
    return all;
  }

  /// Proposals, counting up.
  private static final class Builder {

    private final int protocol;
    private final List<Proposal> proposals = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();

    Builder(int protocol) {
      this.protocol = protocol;
    }

    void add(List<Transform> transforms) {
      Proposal next = new Proposal(proposals.size() + 1, protocol, Bytes.EMPTY, transforms);
      if (proposals.stream().noneMatch(each -> each.transforms().equals(transforms))) {
        proposals.add(next);
      }
    }

    ProposalText withDefaults(List<List<Transform>> defaults) {
      defaults.forEach(this::add);
      return done();
    }

    ProposalText done() {
      return new ProposalText(List.copyOf(proposals), notes);
    }
  }
}
