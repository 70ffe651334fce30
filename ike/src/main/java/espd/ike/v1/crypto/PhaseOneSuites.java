package espd.ike.v1.crypto;

import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.Prf;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.v1.message.Attribute;
import espd.ike.v1.message.AuthenticationMethod;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.PhaseOneAttribute;
import espd.spd.Encryption;
import espd.spd.Integrity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// From the attributes of phase 1 to algorithms and back (RFC 2409 appendix A). One hash stands for
/// integrity and prf.
final class PhaseOneSuites {

  /// The group of a transform that names none: the first (RFC 2409 §6), which nobody should use.
  private static final long DEFAULT_GROUP = 1;

  private static final Set<Integer> KNOWN =
      Set.of(
          PhaseOneAttribute.ENCRYPTION,
          PhaseOneAttribute.HASH,
          PhaseOneAttribute.AUTHENTICATION,
          PhaseOneAttribute.GROUP,
          PhaseOneAttribute.KEY_LENGTH);

  private static final Set<Integer> LIFE =
      Set.of(PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION);

  /// One hash in the three numberings.
  private record HashId(int attribute, Prf prf, Integrity integrity) {}

  private static final List<HashId> HASHES =
      List.of(
          new HashId(PhaseOneAttribute.MD5, Prf.HMAC_MD5, Integrity.HMAC_MD5_96),
          new HashId(PhaseOneAttribute.SHA, Prf.HMAC_SHA1, Integrity.HMAC_SHA1_96),
          new HashId(PhaseOneAttribute.SHA2_256, Prf.HMAC_SHA2_256, Integrity.HMAC_SHA2_256_128),
          new HashId(PhaseOneAttribute.SHA2_384, Prf.HMAC_SHA2_384, Integrity.HMAC_SHA2_384_192),
          new HashId(PhaseOneAttribute.SHA2_512, Prf.HMAC_SHA2_512, Integrity.HMAC_SHA2_512_256));

  private PhaseOneSuites() {}

  /// {@return the suites of a proposal that IKEv1 can say, in the order of preference}
  static List<IkeSuite> expand(Proposal proposal) {
    List<IkeSuite> suites = new ArrayList<>();
    for (Transform encr : proposal.ofType(Transform.ENCR)) {
      for (HashId hash : hashes(proposal)) {
        for (Transform dh : proposal.ofType(Transform.DH)) {
          encryption(encr)
              .flatMap(
                  encryption ->
                      Groups.of(dh.id())
                          .map(
                              group ->
                                  new IkeSuite(
                                      encryption,
                                      encr.keyBits().orElse(encryption.fixedKeyBits()),
                                      hash.integrity,
                                      hash.prf,
                                      group)))
              .ifPresent(suites::add);
        }
      }
    }
    return proposal.withFirstKeyExchangeOnly().isPresent() ? suites : List.of();
  }

  private static Optional<Encryption> encryption(Transform encr) {
    return List.of(Encryption.TRIPLE_DES_CBC, Encryption.AES_CBC).stream()
        .filter(e -> e.transformId() == encr.id())
        .filter(e -> e.allowsKeyBits(encr.keyBits().orElse(e.fixedKeyBits())))
        .findFirst();
  }

  /// The hashes of its integrity, else of its prf.
  private static List<HashId> hashes(Proposal proposal) {
    List<HashId> hashes =
        proposal.ofType(Transform.INTEG).stream()
            .flatMap(t -> HASHES.stream().filter(h -> h.integrity.transformId() == t.id()))
            .filter(hash -> hash.integrity != Integrity.NONE)
            .toList();
    return hashes.isEmpty()
        ? proposal.ofType(Transform.PRF).stream()
            .flatMap(t -> HASHES.stream().filter(h -> h.prf.transformId() == t.id()))
            .toList()
        : hashes;
  }

  /// {@return our proposal with a prf for each hash and a hash for each prf}
  static Proposal asSaid(Proposal proposal) {
    List<Transform> transforms = new ArrayList<>(proposal.ofType(Transform.ENCR));
    for (HashId hash : hashes(proposal)) {
      transforms.add(Transform.of(Transform.INTEG, hash.integrity.transformId()));
      transforms.add(Transform.of(Transform.PRF, hash.prf.transformId()));
    }
    transforms.addAll(proposal.ofType(Transform.DH));
    return proposal.withTransforms(transforms);
  }

  /// {@return the transform of a suite, not yet numbered}
  static IsakmpTransform transform(
      IkeSuite suite, AuthenticationMethod method, Lifetimes lifetimes) {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.of(PhaseOneAttribute.ENCRYPTION, encryptionId(suite.encryption())));
    if (suite.encryption().hasKeyLengths()) {
      attributes.add(Attribute.of(PhaseOneAttribute.KEY_LENGTH, suite.keyBits()));
    }
    attributes.add(Attribute.of(PhaseOneAttribute.HASH, hashId(suite.prf())));
    attributes.add(Attribute.of(PhaseOneAttribute.GROUP, suite.method().transformId()));
    attributes.add(Attribute.of(PhaseOneAttribute.AUTHENTICATION, method.id()));
    attributes.addAll(lifetimes.phaseOne());
    return new IsakmpTransform(0, IsakmpTransform.KEY_IKE, attributes);
  }

  private static int encryptionId(Encryption encryption) {
    return switch (encryption) {
      case TRIPLE_DES_CBC -> PhaseOneAttribute.TRIPLE_DES_CBC;
      case AES_CBC -> PhaseOneAttribute.AES_CBC;
      case NULL, AES_GCM_16, CHACHA20_POLY1305 ->
          throw new IllegalArgumentException("not of IKEv1: " + encryption);
    };
  }

  private static int hashId(Prf prf) {
    return HASHES.stream().filter(h -> h.prf == prf).findFirst().orElseThrow().attribute;
  }

  /// {@return the proposal that a suite is}
  static Proposal model(IkeSuite suite) {
    OptionalInt keyBits =
        suite.encryption().hasKeyLengths() ? OptionalInt.of(suite.keyBits()) : OptionalInt.empty();
    return proposal(
        List.of(
            new Transform(Transform.ENCR, suite.encryption().transformId(), keyBits),
            Transform.of(Transform.INTEG, suite.integrity().transformId()),
            Transform.of(Transform.PRF, suite.prf().transformId()),
            Transform.of(Transform.DH, suite.method().transformId())));
  }

  /// {@return the proposal that a transform means; what it says beyond our knowledge makes its
  /// cipher an unknown one}
  static Proposal model(IsakmpProposal proposal, IsakmpTransform transform) {
    List<Transform> transforms = new ArrayList<>();
    boolean known = transform.id() == IsakmpTransform.KEY_IKE && transform.hasOnly(KNOWN, LIFE);
    transforms.add(
        new Transform(
            Transform.ENCR,
            known ? ikev2Encryption(transform) : Transform.UNKNOWN_ATTRIBUTE,
            keyBits(transform.number(PhaseOneAttribute.KEY_LENGTH))));
    long hash = transform.number(PhaseOneAttribute.HASH).orElse(0);
    HASHES.stream()
        .filter(h -> h.attribute == hash)
        .findFirst()
        .ifPresent(
            h -> {
              transforms.add(Transform.of(Transform.INTEG, h.integrity.transformId()));
              transforms.add(Transform.of(Transform.PRF, h.prf.transformId()));
            });
    long group = transform.number(PhaseOneAttribute.GROUP).orElse(DEFAULT_GROUP);
    transforms.add(Transform.of(Transform.DH, (int) Math.min(group, Integer.MAX_VALUE)));
    return new Proposal(0, proposal.protocol(), Bytes.EMPTY, transforms);
  }

  static OptionalInt keyBits(OptionalLong said) {
    return said.isPresent()
        ? OptionalInt.of((int) Math.min(said.getAsLong(), Integer.MAX_VALUE))
        : OptionalInt.empty();
  }

  private static int ikev2Encryption(IsakmpTransform transform) {
    long number = transform.number(PhaseOneAttribute.ENCRYPTION).orElse(0);
    return switch ((int) Math.min(number, Integer.MAX_VALUE)) {
      case 1 -> 2; // DES-CBC
      case 2 -> 5; // IDEA-CBC
      case 3 -> 7; // Blowfish-CBC
      case 4 -> 4; // RC5-CBC
      case PhaseOneAttribute.TRIPLE_DES_CBC -> Encryption.TRIPLE_DES_CBC.transformId();
      case 6 -> 6; // CAST-CBC
      case PhaseOneAttribute.AES_CBC -> Encryption.AES_CBC.transformId();
      case 8 -> 23; // Camellia-CBC
      default -> Transform.UNKNOWN_ATTRIBUTE;
    };
  }

  private static Proposal proposal(List<Transform> transforms) {
    return new Proposal(0, Proposal.IKE, Bytes.EMPTY, transforms);
  }

  /// {@return how a transform would have the ends prove themselves, if we have it}
  static Optional<AuthenticationMethod> method(IsakmpTransform transform) {
    OptionalLong id = transform.number(PhaseOneAttribute.AUTHENTICATION);
    return id.isPresent() ? AuthenticationMethod.of(id.getAsLong()) : Optional.empty();
  }

  static String methodName(IsakmpTransform transform) {
    return method(transform)
        .map(AuthenticationMethod::toString)
        .orElseGet(
            () -> {
              OptionalLong id = transform.number(PhaseOneAttribute.AUTHENTICATION);
              return id.isPresent() ? "(" + id.getAsLong() + ")" : "nothing";
            });
  }
}
