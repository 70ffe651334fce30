package espd.ike.v1.message;

/// The attributes of a transform of phase 1, and their values (RFC 2409 appendix A; IANA's
/// registries of IKE attributes).
public final class PhaseOneAttribute {

  /// The cipher: DES-CBC 1, [#TRIPLE_DES_CBC], [#AES_CBC], ….
  public static final int ENCRYPTION = 1;

  /// The hash, and as its HMAC the prf: [#MD5], [#SHA], [#SHA2_256], ….
  public static final int HASH = 2;

  /// The [AuthenticationMethod].
  public static final int AUTHENTICATION = 3;

  /// The group, in IKEv2's numbers.
  public static final int GROUP = 4;

  /// The unit of the [#LIFE_DURATION] that follows: [#SECONDS] or [#KILOBYTES].
  public static final int LIFE_TYPE = 11;

  /// How long or how much the SA lasts.
  public static final int LIFE_DURATION = 12;

  /// A prf of its own, of which there is none.
  public static final int PRF = 13;

  /// The length of the cipher's key in bits, where it has several.
  public static final int KEY_LENGTH = 14;

  /// 3DES-CBC, a value of [#ENCRYPTION].
  public static final int TRIPLE_DES_CBC = 5;

  /// AES-CBC (RFC 3602 §5.2), a value of [#ENCRYPTION].
  public static final int AES_CBC = 7;

  /// MD5, a value of [#HASH].
  public static final int MD5 = 1;

  /// SHA-1, a value of [#HASH].
  public static final int SHA = 2;

  /// SHA2-256 (RFC 4868 §2.6's registry), a value of [#HASH].
  public static final int SHA2_256 = 4;

  /// SHA2-384, a value of [#HASH].
  public static final int SHA2_384 = 5;

  /// SHA2-512, a value of [#HASH].
  public static final int SHA2_512 = 6;

  /// Seconds, a value of [#LIFE_TYPE].
  public static final int SECONDS = 1;

  /// Kilobytes, a value of [#LIFE_TYPE].
  public static final int KILOBYTES = 2;

  private PhaseOneAttribute() {}
}
