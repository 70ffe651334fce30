package espd.daemon.config;

import espd.ike.IkeVersion;
import espd.ike.message.Transform;
import java.util.List;
import java.util.Set;

/// The algorithms that a version of IKE has names for, and those of them that are proposed unasked.
///
/// @param ikeDefaults proposed for an IKE SA after what a file names
/// @param espDefaults proposed for Child SAs after what a file names
/// @param groups proposed where a file names none
/// @param ikeCiphers all for an IKE SA; empty for any
/// @param espCiphers all for Child SAs; empty for any
/// @param allGroups all; empty for any
record Repertoire(
    List<List<Transform>> ikeDefaults,
    List<List<Transform>> espDefaults,
    List<Transform> groups,
    Set<Integer> ikeCiphers,
    Set<Integer> espCiphers,
    Set<Integer> allGroups) {

  /// IKEv2 (RFC 7296 §3.3.2 and its registries).
  static final Repertoire TWO =
      new Repertoire(
          Algorithm.ikeDefaults(),
          Algorithm.espDefaults(),
          Algorithm.defaultGroups(),
          Set.of(),
          Set.of(),
          Set.of());

  /// IKEv1 (RFC 2409 appendix A, RFC 2407 §4.4.4 and their registries).
  static final Repertoire ONE =
      new Repertoire(
          Algorithm.isakmpDefaults(),
          Algorithm.quickModeDefaults(),
          Algorithm.isakmpGroups(),
          Set.of(Algorithm.TRIPLE_DES_CBC, Algorithm.AES_CBC),
          Set.of(Algorithm.TRIPLE_DES_CBC, Algorithm.NULL, Algorithm.AES_CBC, Algorithm.AES_GCM_16),
          Set.of(0, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21));

  static Repertoire of(IkeVersion version) {
    return switch (version) {
      case IkeVersion.One _ -> ONE;
      case IkeVersion.Two _ -> TWO;
    };
  }

  /// Looks whether an IKE SA can have these.
  void requireIke(Value part, List<Transform> transforms) throws Unreadable {
    require(part, transforms, ikeCiphers);
    List<Transform> hashes =
        transforms.stream()
            .filter(each -> each.type() == Transform.INTEG)
            .map(Algorithm::prfOf)
            .toList();
    boolean ownPrf =
        transforms.stream()
            .filter(each -> each.type() == Transform.PRF)
            .anyMatch(each -> !hashes.contains(each));
    if (this.equals(ONE) && ownPrf) {
      throw new Unreadable(part, "one hash for both: IKEv1 negotiates no PRF");
    }
  }

  /// Looks whether Child SAs can have these.
  void requireEsp(Value part, List<Transform> transforms) throws Unreadable {
    require(part, transforms, espCiphers);
  }

  private void require(Value part, List<Transform> transforms, Set<Integer> ciphers)
      throws Unreadable {
    for (Transform each : transforms) {
      boolean known =
          switch (each.type()) {
            case Transform.ENCR -> ciphers.isEmpty() || ciphers.contains(each.id());
            case Transform.DH -> allGroups.isEmpty() || allGroups.contains(each.id());
            default -> allGroups.isEmpty() || !Transform.isKeyExchange(each.type());
          };
      if (!known) {
        throw new Unreadable(
            part, "what IKEv1 has numbers for: aes, 3des, in esp= also aes128gcm16; MODP or ECP");
      }
    }
  }
}
