package espd.ike.pki;

import espd.ike.message.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/// Public keys without a certificate: as CERT carries them (RFC 7670 §3), as files hold them, and
/// as configurations write them.
public final class PublicKeys {

  private static final String BEGIN = "-----BEGIN ";
  private static final String PEM = "(?s)-----BEGIN (RSA )?PUBLIC KEY-----(.*)-----END .*";

  private PublicKeys() {}

  /// {@return the key of a SubjectPublicKeyInfo (RFC 5280 §4.1), DER and nothing else}
  ///
  /// @throws GeneralSecurityException when it is none of an algorithm that signs here
  public static PublicKey ofDer(Bytes der) throws GeneralSecurityException {
    if (der.length() == 0 || der.length() > Certificates.MOST_OCTETS) {
      throw new GeneralSecurityException(
          "nothing, or more than " + Certificates.MOST_OCTETS + " octets");
    }
    try {
      SubjectPublicKeyInfo info =
          SubjectPublicKeyInfo.getInstance(ASN1Primitive.fromByteArray(der.toArray()));
      if (!der.equals(Bytes.of(info.getEncoded(ASN1Encoding.DER)))) {
        throw new GeneralSecurityException("no DER");
      }
      return of(info);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new GeneralSecurityException("no SubjectPublicKeyInfo", e);
    }
  }

  private static PublicKey of(SubjectPublicKeyInfo info)
      throws GeneralSecurityException, IOException {
    return KeyFactory.getInstance(name(info.getAlgorithm().getAlgorithm()))
        .generatePublic(new X509EncodedKeySpec(info.getEncoded(ASN1Encoding.DER)));
  }

  private static String name(ASN1ObjectIdentifier algorithm) throws GeneralSecurityException {
    if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return "RSA";
    }
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return "EC";
    }
    if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)
        || algorithm.equals(EdECObjectIdentifiers.id_Ed448)) {
      return "EdDSA";
    }
    throw new GeneralSecurityException("a key that is not RSA, ECDSA or EdDSA");
  }

  /// {@return the key that a file holds: PEM or DER, SubjectPublicKeyInfo or PKCS#1 (RFC 8017
  /// appendix A.1.1)}
  ///
  /// @throws GeneralSecurityException when it is none, with a reason for people
  public static PublicKey ofFile(byte[] octets) throws GeneralSecurityException {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    if (!text.contains(BEGIN)) {
      return ofOctets(octets);
    }
    String armoured = text.substring(text.indexOf(BEGIN)).strip();
    if (!armoured.matches(PEM)) {
      throw new GeneralSecurityException("PEM of something else than one public key");
    }
    try {
      return ofOctets(Base64.getMimeDecoder().decode(armoured.replaceFirst(PEM, "$2")));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("PEM that is no base64", e);
    }
  }

  /// {@return the key of these octets: SubjectPublicKeyInfo or PKCS#1 in DER, or RFC 3110, told
  /// apart by how they begin}
  ///
  /// @throws GeneralSecurityException when it is none, with a reason for people
  public static PublicKey ofOctets(byte[] octets) throws GeneralSecurityException {
    if (octets.length == 0 || octets[0] != 0x30) {
      return ofDns(octets);
    }
    try {
      ASN1Sequence sequence = ASN1Sequence.getInstance(octets);
      return sequence.getObjectAt(0) instanceof ASN1Integer
          ? ofRsa(RSAPublicKey.getInstance(sequence))
          : ofDer(Bytes.of(octets));
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ArrayIndexOutOfBoundsException e) {
      throw new GeneralSecurityException("no SubjectPublicKeyInfo and no RSAPublicKey", e);
    }
  }

  /// {@return an RSA key as DNS has it (RFC 3110 §2), and FreeS/WAN and its heirs}
  ///
  /// ```
  /// +--------+------------------- ~ -------------+--------- ~ --------+
  /// | length | exponent, of so many octets       | modulus            |
  /// +--------+------------------- ~ -------------+--------- ~ --------+
  /// ```
  ///
  /// @throws GeneralSecurityException when it is none
  public static PublicKey ofDns(byte[] octets) throws GeneralSecurityException {
    int from = 1;
    int length = octets.length == 0 ? 0 : octets[0] & 0xff;
    if (length == 0 && octets.length > 2) {
      from = 3;
      length = (octets[1] & 0xff) << 8 | (octets[2] & 0xff);
    }
    if (length == 0 || from + length >= octets.length) {
      throw new GeneralSecurityException("no RSA key of RFC 3110");
    }
    BigInteger exponent = new BigInteger(1, Arrays.copyOfRange(octets, from, from + length));
    BigInteger modulus =
        new BigInteger(1, Arrays.copyOfRange(octets, from + length, octets.length));
    try {
      return ofRsa(new RSAPublicKey(modulus, exponent));
    } catch (IOException e) {
      throw new GeneralSecurityException("no RSA key of RFC 3110", e);
    }
  }

  private static PublicKey ofRsa(RSAPublicKey key) throws GeneralSecurityException, IOException {
    AlgorithmIdentifier rsa =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    return of(new SubjectPublicKeyInfo(rsa, key));
  }

  /// {@return a key as SSH has it (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4)}
  ///
  /// @throws GeneralSecurityException when it is none
  public static PublicKey ofSsh(byte[] octets) throws GeneralSecurityException {
    try {
      return of(
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
              OpenSSHPublicKeyUtil.parsePublicKey(octets)));
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new GeneralSecurityException("no key of SSH", e);
    }
  }
}
