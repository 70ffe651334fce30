package espd.ike.v1.message;

/// The attributes of a transform of phase 2, and their values, and the transforms of ESP (RFC 2407
/// §4.4.4, §4.5; IANA's registries of the IPsec DOI).
public final class PhaseTwoAttribute {

  /// The unit of the [#LIFE_DURATION] that follows: [#SECONDS] or [#KILOBYTES].
  public static final int LIFE_TYPE = 1;

  /// How long or how much the SA lasts.
  public static final int LIFE_DURATION = 2;

  /// The group of perfect forward secrecy, in IKEv2's numbers.
  public static final int GROUP = 3;

  /// The [Encapsulation].
  public static final int ENCAPSULATION = 4;

  /// The ICV's algorithm: [#HMAC_MD5], [#HMAC_SHA], [#HMAC_SHA2_256], ….
  public static final int AUTHENTICATION = 5;

  /// The length of the cipher's key in bits, without salt, where it has several.
  public static final int KEY_LENGTH = 6;

  /// Seconds, a value of [#LIFE_TYPE].
  public static final int SECONDS = 1;

  /// Kilobytes, a value of [#LIFE_TYPE].
  public static final int KILOBYTES = 2;

  /// HMAC-MD5, a value of [#AUTHENTICATION].
  public static final int HMAC_MD5 = 1;

  /// HMAC-SHA-1, a value of [#AUTHENTICATION].
  public static final int HMAC_SHA = 2;

  /// HMAC-SHA2-256 (RFC 4868), a value of [#AUTHENTICATION].
  public static final int HMAC_SHA2_256 = 5;

  /// HMAC-SHA2-384, a value of [#AUTHENTICATION].
  public static final int HMAC_SHA2_384 = 6;

  /// HMAC-SHA2-512, a value of [#AUTHENTICATION].
  public static final int HMAC_SHA2_512 = 7;

  /// ESP_3DES.
  public static final int ESP_3DES = 3;

  /// ESP_NULL.
  public static final int ESP_NULL = 11;

  /// ESP_AES-CBC.
  public static final int ESP_AES_CBC = 12;

  /// ESP_AES-GCM with an ICV of 16 octets (RFC 4106 §8.2).
  public static final int ESP_AES_GCM_16 = 20;

  private PhaseTwoAttribute() {}
}
