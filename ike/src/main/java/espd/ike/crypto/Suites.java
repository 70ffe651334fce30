package espd.ike.crypto;

import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// From transforms to the algorithms we have.
public final class Suites {

  private Suites() {}

  /// {@return the first transform that names no algorithm of ours, or nothing when all do: what a
  /// configuration has to be told before it is used}
  public static Optional<Transform> unsupported(Proposal proposal) {
    return proposal.transforms().stream().filter(t -> !isSupported(t)).findFirst();
  }

  private static boolean isSupported(Transform transform) {
    int id = transform.id();
    return switch (transform.type()) {
      case Transform.ENCR ->
          encryption(transform).filter(e -> e.allowsKeyBits(keyBits(e, transform))).isPresent();
      case Transform.PRF -> Prf.of(id).isPresent();
      case Transform.INTEG -> integrity(transform).isPresent();
      case Transform.ESN -> id == 0 || id == 1;
      default ->
          Transform.isKeyExchange(transform.type())
              && (id == Transform.NONE || KeyExchangeMethod.of(id).isPresent());
    };
  }

  static EspSuite cipher(Proposal chosen) {
    Encryption encryption = one(chosen, Transform.ENCR, Suites::encryption);
    Transform encr = chosen.ofType(Transform.ENCR).getFirst();
    Integrity integrity =
        chosen.names(Transform.INTEG)
            ? one(chosen, Transform.INTEG, Suites::integrity)
            : Integrity.NONE;
    return new EspSuite(encryption, keyBits(encryption, encr), integrity);
  }

  static <T> T one(Proposal chosen, int type, Function<Transform, Optional<T>> algorithm) {
    List<Transform> transforms = chosen.ofType(type);
    if (transforms.size() != 1) {
      throw new IllegalArgumentException(
          transforms.size() + " transforms of type " + TransformNames.ofType(type) + ", not one");
    }
    return algorithm
        .apply(transforms.getFirst())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "not supported: " + TransformNames.of(transforms.getFirst())));
  }

  /// {@return whether the cipher of a transform authenticates by itself, also where we do not have
  /// it (RFC 7296 §3.3.3)}
  static boolean isAead(Transform encr) {
    return switch (encr.id()) {
      case 14, 15, 16, 18, 19, 20, 21, 25, 26, 27, 28, 29, 30, 31 -> true;
      default -> false;
    };
  }

  private static Optional<Encryption> encryption(Transform transform) {
    return Stream.of(Encryption.values()).filter(e -> e.transformId() == transform.id()).findAny();
  }

  private static int keyBits(Encryption encryption, Transform transform) {
    return transform.keyBits().orElse(encryption.fixedKeyBits());
  }

  private static Optional<Integrity> integrity(Transform transform) {
    return Stream.of(Integrity.values()).filter(i -> i.transformId() == transform.id()).findAny();
  }
}
