package espd.ike.crypto;

import static espd.ike.crypto.HashAlgorithm.IDENTITY;
import static espd.ike.crypto.HashAlgorithm.SHA1;
import static espd.ike.crypto.HashAlgorithm.SHA2_256;
import static espd.ike.crypto.HashAlgorithm.SHA2_384;
import static espd.ike.crypto.HashAlgorithm.SHA2_512;

import espd.ike.message.Bytes;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;

/// A way to sign: key, padding and hash together. Those of method 14 are named on the wire by a DER
/// AlgorithmIdentifier (RFC 7427 appendix A, RFC 8420 §2), the others by a method of their own (RFC
/// 7296 §3.8, RFC 4754). `toString` is strongSwan's name.
public enum SignatureScheme {
  /// RSASSA-PKCS1-v1_5 with SHA2-256.
  RSA_EMSA_PKCS1_SHA2_256(Kind.RSA, SHA2_256, "SHA256withRSA", "300d06092a864886f70d01010b0500"),
  /// RSASSA-PKCS1-v1_5 with SHA2-384.
  RSA_EMSA_PKCS1_SHA2_384(Kind.RSA, SHA2_384, "SHA384withRSA", "300d06092a864886f70d01010c0500"),
  /// RSASSA-PKCS1-v1_5 with SHA2-512.
  RSA_EMSA_PKCS1_SHA2_512(Kind.RSA, SHA2_512, "SHA512withRSA", "300d06092a864886f70d01010d0500"),
  /// RSASSA-PKCS1-v1_5 with SHA-1, of method 1 only.
  RSA_EMSA_PKCS1_SHA1(Kind.RSA, SHA1, "SHA1withRSA", ""),
  /// RSASSA-PKCS1-v1_5 of what is a hash already, without the name of that hash: what IKEv1 signs
  /// (RFC 2409 §5.1).
  RSA_EMSA_PKCS1_NULL(Kind.RSA, IDENTITY, "RSA/ECB/PKCS1Padding", ""),
  /// RSASSA-PSS with SHA2-256 and a salt as long as it.
  RSA_EMSA_PSS_SHA2_256(Kind.PSS, SHA2_256, "RSASSA-PSS", pss("01", "20")),
  /// RSASSA-PSS with SHA2-384 and a salt as long as it.
  RSA_EMSA_PSS_SHA2_384(Kind.PSS, SHA2_384, "RSASSA-PSS", pss("02", "30")),
  /// RSASSA-PSS with SHA2-512 and a salt as long as it.
  RSA_EMSA_PSS_SHA2_512(Kind.PSS, SHA2_512, "RSASSA-PSS", pss("03", "40")),
  /// ECDSA with SHA2-256.
  ECDSA_WITH_SHA256_DER(Kind.EC, SHA2_256, "SHA256withECDSA", "300a06082a8648ce3d040302"),
  /// ECDSA with SHA2-384.
  ECDSA_WITH_SHA384_DER(Kind.EC, SHA2_384, "SHA384withECDSA", "300a06082a8648ce3d040303"),
  /// ECDSA with SHA2-512.
  ECDSA_WITH_SHA512_DER(Kind.EC, SHA2_512, "SHA512withECDSA", "300a06082a8648ce3d040304"),
  /// ECDSA on P-256 with SHA2-256, of method 9.
  ECDSA_256(Kind.EC_256, SHA2_256, "SHA256withECDSAinP1363Format", ""),
  /// ECDSA on P-384 with SHA2-384, of method 10.
  ECDSA_384(Kind.EC_384, SHA2_384, "SHA384withECDSAinP1363Format", ""),
  /// ECDSA on P-521 with SHA2-512, of method 11.
  ECDSA_521(Kind.EC_521, SHA2_512, "SHA512withECDSAinP1363Format", ""),
  /// ECDSA on P-256 of what is a hash already, as IKEv1 signs (RFC 2409 §5.1).
  ECDSA_256_NULL(Kind.EC_256, IDENTITY, "NONEwithECDSAinP1363Format", ""),
  /// ECDSA on P-384 of what is a hash already.
  ECDSA_384_NULL(Kind.EC_384, IDENTITY, "NONEwithECDSAinP1363Format", ""),
  /// ECDSA on P-521 of what is a hash already.
  ECDSA_521_NULL(Kind.EC_521, IDENTITY, "NONEwithECDSAinP1363Format", ""),
  /// Ed25519.
  ED25519(Kind.ED25519, IDENTITY, "Ed25519", "300506032b6570"),
  /// Ed448.
  ED448(Kind.ED448, IDENTITY, "Ed448", "300506032b6571");

  /// RSA keys shorter than this prove nothing (RFC 8247 §3.1).
  public static final int LEAST_RSA_BITS = 2048;

  /// RSA keys longer than this cost more than they bring.
  public static final int MOST_RSA_BITS = 8192;

  private final Kind kind;
  private final HashAlgorithm hash;
  private final String jcaName;
  private final String identifier;

  SignatureScheme(Kind kind, HashAlgorithm hash, String jcaName, String identifier) {
    this.kind = kind;
    this.hash = hash;
    this.jcaName = jcaName;
    this.identifier = identifier;
  }

  /// What key a scheme is for.
  public enum Kind {
    /// RSA with the old padding.
    RSA("rsa"),
    /// RSA with probabilistic padding.
    PSS("rsa/pss"),
    /// Any curve of NIST.
    EC("ecdsa"),
    /// P-256.
    EC_256("ecdsa"),
    /// P-384.
    EC_384("ecdsa"),
    /// P-521.
    EC_521("ecdsa"),
    /// Edwards curve 25519.
    ED25519("ed25519"),
    /// Edwards curve 448.
    ED448("ed448");

    private final String keyword;

    Kind(String keyword) {
      this.keyword = keyword;
    }

    /// {@return strongSwan's keyword for it}
    public String keyword() {
      return keyword;
    }

    /// {@return whether a key is of this kind}
    public boolean fits(Key key) {
      return switch (this) {
        case RSA, PSS -> key instanceof RSAKey;
        case EC -> key instanceof ECKey;
        case EC_256 -> fieldBits(key) == 256;
        case EC_384 -> fieldBits(key) == 384;
        case EC_521 -> fieldBits(key) == 521;
        case ED25519 -> key instanceof EdECKey ed && ed.getParams().getName().equals("Ed25519");
        case ED448 -> key instanceof EdECKey ed && ed.getParams().getName().equals("Ed448");
      };
    }
  }

  private static String pss(String sha2, String salt) {
    String hash = "300d06096086480165030402" + sha2 + "0500";
    return "304106092a864886f70d01010a3034a00f"
        + hash
        + "a11c301a06092a864886f70d010108"
        + hash
        + "a2030201"
        + salt;
  }

  private static int fieldBits(Key key) {
    return key instanceof ECKey ec ? ec.getParams().getCurve().getField().getFieldSize() : 0;
  }

  /// {@return what key it is for}
  public Kind kind() {
    return kind;
  }

  /// {@return its hash}
  public HashAlgorithm hash() {
    return hash;
  }

  /// {@return the AlgorithmIdentifier; none for a scheme that has a method of its own}
  public Bytes identifier() {
    return Bytes.ofHex(identifier);
  }

  /// {@return whether a key can sign or be verified this way}
  public boolean fits(Key key) {
    return kind.fits(key);
  }

  /// {@return the schemes of method 14 for a key, the most usual first: the hash that is as strong
  /// as an elliptic curve, the old padding before the other}
  public static List<SignatureScheme> of(Key key) {
    HashAlgorithm strong =
        fieldBits(key) > 384 ? SHA2_512 : fieldBits(key) > 256 ? SHA2_384 : SHA2_256;
    return Arrays.stream(values())
        .filter(scheme -> !scheme.identifier.isEmpty() && scheme.fits(key))
        .sorted((a, b) -> Boolean.compare(b.hash == strong, a.hash == strong))
        .sorted((a, b) -> Boolean.compare(a.kind == Kind.PSS, b.kind == Kind.PSS))
        .toList();
  }

  /// {@return the scheme that an AlgorithmIdentifier names}
  public static Optional<SignatureScheme> named(Bytes identifier) {
    return Arrays.stream(values())
        .filter(scheme -> !scheme.identifier.isEmpty() && scheme.identifier().equals(identifier))
        .findFirst();
  }

  /// {@return why a key is too weak or too costly, if it is}
  public static Optional<String> unfit(Key key) {
    int bits = key instanceof RSAKey rsa ? rsa.getModulus().bitLength() : LEAST_RSA_BITS;
    if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
      return Optional.of(
          "RSA key of %d bits, allowed %d to %d".formatted(bits, LEAST_RSA_BITS, MOST_RSA_BITS));
    }
    if (key instanceof ECKey && fieldBits(key) < 256) {
      return Optional.of("ECDSA key of " + fieldBits(key) + " bits, allowed 256 and more");
    }
    return Optional.empty();
  }

  /// {@return the signature}
  ///
  /// @param key that fits
  /// @param random for schemes that need it
  /// @throws GeneralSecurityException when the key cannot sign
  public Bytes sign(PrivateKey key, byte[] octets, SecureRandom random)
      throws GeneralSecurityException {
    if (this == RSA_EMSA_PKCS1_NULL) {
      Cipher padded = Cipher.getInstance(jcaName);
      padded.init(Cipher.ENCRYPT_MODE, key, random);
      return Bytes.of(padded.doFinal(octets));
    }
    Signature signature = signature();
    signature.initSign(key, random);
    signature.update(octets);
    return Bytes.of(signature.sign());
  }

  /// {@return whether this is `key`'s signature of `octets`, its encoding exact to the last octet
  /// (RFC 8017 §8.2.2)}
  ///
  /// @param key that fits
  public boolean verifies(PublicKey key, byte[] octets, Bytes signed) {
    try {
      if (this == RSA_EMSA_PKCS1_NULL) {
        Cipher padded = Cipher.getInstance(jcaName);
        padded.init(Cipher.DECRYPT_MODE, key);
        return MessageDigest.isEqual(padded.doFinal(signed.toArray()), octets);
      }
      Signature signature = signature();
      signature.initVerify(key);
      signature.update(octets);
      return signature.verify(signed.toArray());
    } catch (GeneralSecurityException e) {
      return false; // What is no signature at all verifies nothing.
    }
  }

  private Signature signature() throws GeneralSecurityException {
    Signature signature = Signature.getInstance(jcaName);
    Optional<AlgorithmParameterSpec> parameters = parameters();
    if (parameters.isPresent()) {
      signature.setParameter(parameters.get());
    }
    return signature;
  }

  private Optional<AlgorithmParameterSpec> parameters() {
    if (kind != Kind.PSS) {
      return Optional.empty();
    }
    int bits =
        switch (hash) {
          case SHA2_256 -> 256;
          case SHA2_384 -> 384;
          case SHA2_512 -> 512;
          case SHA1, IDENTITY -> throw new IllegalStateException("no padding of " + hash);
        };
    String name = "SHA-" + bits;
    return Optional.of(
        new PSSParameterSpec(
            name,
            "MGF1",
            new MGF1ParameterSpec(name),
            bits / 8,
            PSSParameterSpec.TRAILER_FIELD_BC));
  }
}
