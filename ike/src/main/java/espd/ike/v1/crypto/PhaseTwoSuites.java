package espd.ike.v1.crypto;

import espd.ike.crypto.ChildSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.v1.message.Attribute;
import espd.ike.v1.message.Encapsulation;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.PhaseTwoAttribute;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// From the transforms and attributes of phase 2 to algorithms and back (RFC 2407 §4.4.4, §4.5).
final class PhaseTwoSuites {

  private static final Set<Integer> KNOWN =
      Set.of(
          PhaseTwoAttribute.GROUP,
          PhaseTwoAttribute.ENCAPSULATION,
          PhaseTwoAttribute.AUTHENTICATION,
          PhaseTwoAttribute.KEY_LENGTH);

  private static final Set<Integer> LIFE =
      Set.of(PhaseTwoAttribute.LIFE_TYPE, PhaseTwoAttribute.LIFE_DURATION);

  /// The transforms of ESP whose numbers are others than IKEv2's.
  private static final Map<Integer, Integer> RENUMBERED = Map.of(22, 23); // Camellia-CBC

  private static final Map<Integer, Integrity> INTEGRITY =
      Map.of(
          PhaseTwoAttribute.HMAC_MD5,
          Integrity.HMAC_MD5_96,
          PhaseTwoAttribute.HMAC_SHA,
          Integrity.HMAC_SHA1_96,
          PhaseTwoAttribute.HMAC_SHA2_256,
          Integrity.HMAC_SHA2_256_128,
          PhaseTwoAttribute.HMAC_SHA2_384,
          Integrity.HMAC_SHA2_384_192,
          PhaseTwoAttribute.HMAC_SHA2_512,
          Integrity.HMAC_SHA2_512_256);

  private static final int NO_ESN = 0;
  private static final int AES_XCBC = 9;
  private static final int IKEV2_AES_XCBC = 5;

  private PhaseTwoSuites() {}

  /// {@return the suites of a proposal that IKEv1 can say, in the order of preference}
  static List<ChildSuite> expand(Proposal proposal) {
    List<Transform> esn = proposal.ofType(Transform.ESN);
    boolean unsayable =
        proposal.protocol() != Proposal.ESP
            || (!esn.isEmpty() && esn.stream().noneMatch(t -> t.id() == NO_ESN))
            || proposal.withFirstKeyExchangeOnly().isEmpty();
    if (unsayable) {
      return List.of();
    }
    List<ChildSuite> suites = new ArrayList<>();
    for (EspSuite esp : espSuites(proposal)) {
      for (Optional<KeyExchangeMethod> group : groups(proposal)) {
        suites.add(new ChildSuite(esp, false, group, List.of()));
      }
    }
    return suites;
  }

  private static List<EspSuite> espSuites(Proposal proposal) {
    List<EspSuite> suites = new ArrayList<>();
    for (Transform encr : proposal.ofType(Transform.ENCR)) {
      for (Encryption encryption : Encryption.values()) {
        int bits = encr.keyBits().orElse(encryption.fixedKeyBits());
        if (encryption.transformId() == encr.id()
            && encryption != Encryption.CHACHA20_POLY1305
            && encryption.allowsKeyBits(bits)) {
          integrities(proposal, encryption)
              .forEach(integrity -> suites.add(new EspSuite(encryption, bits, integrity)));
        }
      }
    }
    return suites;
  }

  private static List<Integrity> integrities(Proposal proposal, Encryption encryption) {
    return encryption.isAead()
        ? List.of(Integrity.NONE)
        : proposal.ofType(Transform.INTEG).stream()
            .flatMap(t -> INTEGRITY.values().stream().filter(i -> i.transformId() == t.id()))
            .toList();
  }

  private static List<Optional<KeyExchangeMethod>> groups(Proposal proposal) {
    List<Transform> dh = proposal.ofType(Transform.DH);
    return dh.isEmpty()
        ? List.of(Optional.empty())
        : dh.stream()
            .filter(t -> t.id() == Transform.NONE || Groups.of(t.id()).isPresent())
            .map(t -> Groups.of(t.id()))
            .toList();
  }

  /// {@return the transform of a suite, not yet numbered}
  static IsakmpTransform transform(
      ChildSuite suite, Encapsulation encapsulation, Lifetimes lifetimes) {
    EspSuite esp = suite.suite();
    List<Attribute> attributes = new ArrayList<>();
    if (esp.encryption().hasKeyLengths()) {
      attributes.add(Attribute.of(PhaseTwoAttribute.KEY_LENGTH, esp.keyBits()));
    }
    INTEGRITY.forEach(
        (id, integrity) -> {
          if (integrity == esp.integrity()) {
            attributes.add(Attribute.of(PhaseTwoAttribute.AUTHENTICATION, id));
          }
        });
    attributes.add(Attribute.of(PhaseTwoAttribute.ENCAPSULATION, encapsulation.id()));
    suite
        .method()
        .ifPresent(
            group -> attributes.add(Attribute.of(PhaseTwoAttribute.GROUP, group.transformId())));
    attributes.addAll(lifetimes.phaseTwo());
    return new IsakmpTransform(0, espId(esp.encryption()), attributes);
  }

  private static int espId(Encryption encryption) {
    return switch (encryption) {
      case TRIPLE_DES_CBC -> PhaseTwoAttribute.ESP_3DES;
      case NULL -> PhaseTwoAttribute.ESP_NULL;
      case AES_CBC -> PhaseTwoAttribute.ESP_AES_CBC;
      case AES_GCM_16 -> PhaseTwoAttribute.ESP_AES_GCM_16;
      case CHACHA20_POLY1305 -> throw new IllegalArgumentException("not of IKEv1: " + encryption);
    };
  }

  /// {@return the proposal that a suite is}
  static Proposal model(ChildSuite suite) {
    EspSuite esp = suite.suite();
    List<Transform> transforms = new ArrayList<>();
    OptionalInt keyBits =
        esp.encryption().hasKeyLengths() ? OptionalInt.of(esp.keyBits()) : OptionalInt.empty();
    transforms.add(new Transform(Transform.ENCR, esp.encryption().transformId(), keyBits));
    if (esp.integrity() != Integrity.NONE) {
      transforms.add(Transform.of(Transform.INTEG, esp.integrity().transformId()));
    }
    suite.method().ifPresent(g -> transforms.add(Transform.of(Transform.DH, g.transformId())));
    transforms.add(Transform.of(Transform.ESN, NO_ESN));
    return new Proposal(0, Proposal.ESP, Bytes.EMPTY, transforms);
  }

  /// {@return the proposal that a transform means; what it says beyond our knowledge makes its
  /// cipher an unknown one}
  static Proposal model(IsakmpProposal proposal, IsakmpTransform transform) {
    List<Transform> transforms = new ArrayList<>();
    transforms.add(
        new Transform(
            Transform.ENCR,
            transform.hasOnly(KNOWN, LIFE)
                ? RENUMBERED.getOrDefault(transform.id(), transform.id())
                : Transform.UNKNOWN_ATTRIBUTE,
            PhaseOneSuites.keyBits(transform.number(PhaseTwoAttribute.KEY_LENGTH))));
    transform
        .number(PhaseTwoAttribute.AUTHENTICATION)
        .ifPresent(id -> transforms.add(Transform.of(Transform.INTEG, ikev2Integrity(id))));
    long group = transform.number(PhaseTwoAttribute.GROUP).orElse(Transform.NONE);
    if (group != Transform.NONE) {
      transforms.add(Transform.of(Transform.DH, (int) Math.min(group, Integer.MAX_VALUE)));
    }
    transforms.add(Transform.of(Transform.ESN, NO_ESN));
    return new Proposal(0, proposal.protocol(), Bytes.EMPTY, transforms);
  }

  private static int ikev2Integrity(long id) {
    if (id == AES_XCBC) {
      return IKEV2_AES_XCBC;
    }
    return Optional.ofNullable(INTEGRITY.get((int) Math.min(id, Integer.MAX_VALUE)))
        .map(Integrity::transformId)
        .orElse(Transform.UNKNOWN_ATTRIBUTE);
  }

  /// {@return how a transform would enclose packets, if we know it}
  static Optional<Encapsulation> encapsulation(IsakmpTransform transform) {
    OptionalLong id = transform.number(PhaseTwoAttribute.ENCAPSULATION);
    return id.isPresent() ? Encapsulation.of(id.getAsLong()) : Optional.empty();
  }

  static String encapsulationName(IsakmpTransform transform) {
    return encapsulation(transform).map(Encapsulation::name).orElse("another");
  }
}
