package espd.ike.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/// Private keys as files hold them: PEM or DER, of PKCS#8 (RFC 5958), encrypted or not, PKCS#1 or
/// SEC 1. What was read on the way is wiped.
public final class PrivateKeys {

  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";

  private PrivateKeys() {}

  /// {@return the key of these octets, with the public key that belongs to it}
  ///
  /// @param file PEM or DER, which stays the caller's
  /// @param passphrase when it is encrypted
  /// @throws GeneralSecurityException when it is no key, with a reason for people
  public static KeyPair read(byte[] file, Optional<char[]> passphrase)
      throws GeneralSecurityException {
    byte[] der = unarmoured(file);
    try {
      return pair(PrivateKeyInfo.getInstance(plain(der, passphrase)));
    } catch (IOException | RuntimeException e) { // Whatever the library stumbles over.
      throw new GeneralSecurityException("no private key of PKCS#8, PKCS#1 or SEC 1", e);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /// The octets between the dashes, or all if there are none.
  private static byte[] unarmoured(byte[] file) throws GeneralSecurityException {
    int begin = find(file, BEGIN + "EC PRIVATE KEY", 0);
    begin = begin < 0 ? find(file, BEGIN + "RSA PRIVATE KEY", 0) : begin;
    begin = begin < 0 ? find(file, BEGIN + "PRIVATE KEY", 0) : begin;
    begin = begin < 0 ? find(file, BEGIN + "ENCRYPTED PRIVATE KEY", 0) : begin;
    if (begin < 0) {
      return file.clone();
    }
    int from = find(file, DASHES, begin + BEGIN.length()) + DASHES.length();
    int to = find(file, DASHES, from);
    if (to < 0 || find(file, "DEK-Info", from) >= 0) {
      throw new GeneralSecurityException(
          to < 0
              ? "PEM without an end"
              : "PEM encrypted in the old way: openssl pkcs8 -topk8 makes a new one of it");
    }
    byte[] body = Arrays.copyOfRange(file, from, to);
    try {
      return Base64.getMimeDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("PEM that is no base64", e);
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private static int find(byte[] octets, String text, int from) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    for (int at = Math.max(from, 0); at + wanted.length <= octets.length; at++) {
      if (Arrays.equals(octets, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  /// PKCS#8, whatever it was.
  private static byte[] plain(byte[] der, Optional<char[]> passphrase)
      throws GeneralSecurityException, IOException {
    ASN1Sequence sequence = ASN1Sequence.getInstance(der);
    if (!(sequence.getObjectAt(0) instanceof ASN1Integer)) {
      return decrypted(der, passphrase);
    }
    if (sequence.size() > 6) {
      return new PrivateKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
              RSAPrivateKey.getInstance(sequence))
          .getEncoded();
    }
    if (sequence.getObjectAt(1) instanceof ASN1OctetString) {
      ECPrivateKey key = ECPrivateKey.getInstance(sequence);
      return new PrivateKeyInfo(
              new AlgorithmIdentifier(
                  X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
              key)
          .getEncoded();
    }
    return der;
  }

  private static byte[] decrypted(byte[] der, Optional<char[]> passphrase)
      throws GeneralSecurityException, IOException {
    if (passphrase.isEmpty()) {
      throw new GeneralSecurityException("it is encrypted, and there is no passphrase for it");
    }
    try {
      return opened(der, passphrase.get());
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException("its passphrase is another", e);
    }
  }

  /// {@return what is encrypted by a passphrase (RFC 8018 §6, RFC 7292 appendix C)}
  ///
  /// @param der the AlgorithmIdentifier, then the encrypted octets, as in EncryptedPrivateKeyInfo
  /// @throws GeneralSecurityException when the passphrase is another
  static byte[] opened(byte[] der, char[] passphrase) throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
    PBEKeySpec spec = new PBEKeySpec(passphrase);
    try {
      String name =
          info.getAlgName().equals("PBES2") || info.getAlgName().startsWith("1.2.840.113549.1.5.13")
              ? info.getAlgParameters().toString()
              : info.getAlgName();
      Cipher cipher = Cipher.getInstance(name);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(name).generateSecret(spec),
          info.getAlgParameters());
      return cipher.doFinal(info.getEncryptedData());
    } finally {
      spec.clearPassword();
    }
  }

  private static KeyPair pair(PrivateKeyInfo info) throws GeneralSecurityException, IOException {
    AsymmetricKeyParameter key = PrivateKeyFactory.createKey(info);
    AsymmetricKeyParameter other =
        switch (key) {
          case RSAPrivateCrtKeyParameters rsa ->
              new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
          case ECPrivateKeyParameters ec ->
              new ECPublicKeyParameters(
                  new FixedPointCombMultiplier().multiply(ec.getParameters().getG(), ec.getD()),
                  ec.getParameters());
          case Ed25519PrivateKeyParameters ed -> ed.generatePublicKey();
          case Ed448PrivateKeyParameters ed -> ed.generatePublicKey();
          default -> throw new GeneralSecurityException("a key that is not RSA, ECDSA or EdDSA");
        };
    String algorithm =
        switch (other) {
          case RSAKeyParameters rsa -> "RSA";
          case ECPublicKeyParameters ec -> "EC";
          default -> "EdDSA";
        };
    byte[] spki = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(other).getEncoded();
    byte[] pkcs8 =
        new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), info.parsePrivateKey()).getEncoded();
    try {
      KeyFactory keys = KeyFactory.getInstance(algorithm);
      return new KeyPair(
          keys.generatePublic(new X509EncodedKeySpec(spki)),
          keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }
}
