package espd.ike.pki;

import espd.ike.message.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.AuthenticatedSafe;
import org.bouncycastle.asn1.pkcs.CertBag;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.SafeBag;

/// A container of PKCS#12 (RFC 7292): private keys and certificates under one passphrase.
///
/// The JDK tells whether it is whole; what is in it is read here, as the JDK passes over
/// certificates that lead to none of the keys.
///
/// @param keys with the public key that belongs to each
/// @param certificates in the order of the file
public record Pkcs12(List<KeyPair> keys, List<X509Certificate> certificates) {

  /// Copies the lists.
  public Pkcs12 {
    keys = List.copyOf(keys);
    certificates = List.copyOf(certificates);
  }

  /// {@return what a container holds}
  ///
  /// @param file its octets
  /// @param passphrase which stays the caller's
  /// @throws GeneralSecurityException when it is none, with a reason for people
  public static Pkcs12 read(byte[] file, Optional<char[]> passphrase)
      throws GeneralSecurityException {
    char[] secret = passphrase.orElseGet(() -> new char[0]);
    try {
      KeyStore.getInstance("PKCS12").load(new ByteArrayInputStream(file), secret);
      Contents contents = new Contents(secret);
      contents.read(Pfx.getInstance(file));
      return new Pkcs12(contents.keys, contents.certificates);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      String another =
          passphrase.isPresent()
              ? "its passphrase is another"
              : "it is encrypted, and there is no passphrase for it";
      boolean locked = e.getCause() instanceof UnrecoverableKeyException;
      throw new GeneralSecurityException(locked ? another : "no container of PKCS#12", e);
    }
  }

  /// What has been found so far (RFC 7292 §4).
  private static final class Contents {

    private final char[] passphrase;
    private final List<KeyPair> keys = new ArrayList<>();
    private final List<X509Certificate> certificates = new ArrayList<>();

    private Contents(char[] passphrase) {
      this.passphrase = passphrase;
    }

    private void read(Pfx container) throws GeneralSecurityException, IOException {
      byte[] safes = octets(container.getAuthSafe().getContent());
      for (ContentInfo safe : AuthenticatedSafe.getInstance(safes).getContentInfo()) {
        byte[] bags =
            safe.getContentType().equals(PKCSObjectIdentifiers.encryptedData)
                ? opened(EncryptedData.getInstance(safe.getContent()))
                : octets(safe.getContent());
        for (ASN1Encodable bag : ASN1Sequence.getInstance(bags)) {
          read(SafeBag.getInstance(bag));
        }
        Arrays.fill(bags, (byte) 0);
      }
    }

    private byte[] opened(EncryptedData data) throws GeneralSecurityException, IOException {
      DERSequence named =
          new DERSequence(new ASN1Encodable[] {data.getEncryptionAlgorithm(), data.getContent()});
      return PrivateKeys.opened(named.getEncoded(), passphrase);
    }

    private static byte[] octets(ASN1Encodable content) {
      return ASN1OctetString.getInstance(content).getOctets();
    }

    private void read(SafeBag bag) throws GeneralSecurityException, IOException {
      if (bag.getBagId().equals(PKCSObjectIdentifiers.certBag)) {
        CertBag certificate = CertBag.getInstance(bag.getBagValue());
        if (certificate.getCertId().equals(PKCSObjectIdentifiers.x509Certificate)) {
          certificates.add(Certificates.ofDer(Bytes.of(octets(certificate.getCertValue()))));
        }
      } else if (bag.getBagId().equals(PKCSObjectIdentifiers.pkcs8ShroudedKeyBag)
          || bag.getBagId().equals(PKCSObjectIdentifiers.keyBag)) {
        byte[] key = bag.getBagValue().toASN1Primitive().getEncoded();
        keys.add(PrivateKeys.read(key, Optional.of(passphrase)));
        Arrays.fill(key, (byte) 0);
      }
    }
  }

  /// {@return how many there are of each, and no key}
  @Override
  public String toString() {
    return "%d keys, %d certificates".formatted(keys.size(), certificates.size());
  }
}
