package espd.ike.eap.tls;

import espd.ike.message.Bytes;
import espd.ike.pki.Certificates;
import espd.ike.pki.Inquiry;
import espd.ike.pki.Trust;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/// What both ends of a handshake do alike: sign, judge the other's certificates, and make a key of
/// what was agreed.
final class Handshake implements AutoCloseable {

  /// The Type of EAP-TLS, which is the context of TLS 1.3's exporter (RFC 9190 §2.3).
  private static final byte[] TYPE = {13};

  private static final String LABEL_12 = "client EAP encryption";
  private static final String LABEL_13 = "EXPORTER_EAP_TLS_Key_Material";
  private static final int MSK_OCTETS = 64;
  private static final int EMSK_OCTETS = 64;

  private final TlsParty party;
  private final BcTlsCrypto crypto;
  private final List<String> lines = new ArrayList<>();
  private Optional<Inquiry> inquiry = Optional.empty();
  private Optional<String> objection = Optional.empty();
  private Optional<KeyMaterial> msk = Optional.empty();
  private boolean commitmentDue;

  Handshake(TlsParty party) {
    this.party = party;
    this.crypto = new BcTlsCrypto(party.random());
  }

  BcTlsCrypto crypto() {
    return crypto;
  }

  /// {@return the suites that our key serves}
  int[] suitesOfOurKey() {
    return TlsSuite.of(party.key().getAlgorithm());
  }

  /// {@return how we sign}
  ///
  /// @param request what names the other end's request for our certificate, of TLS 1.3
  /// @param taken the signatures that the other end takes
  /// @throws TlsFatalAlert when it takes none of our key
  TlsCredentialedSigner signer(TlsContext context, byte[] request, Collection<?> taken)
      throws IOException {
    boolean new13 = TlsUtils.isTLSv13(context.getServerVersion());
    X509Certificate own = party.chain().getFirst();
    Optional<SignatureAndHashAlgorithm> algorithm =
        TlsSignature.of(own.getPublicKey(), taken, !new13);
    if (algorithm.isEmpty()) {
      throw new TlsFatalAlert(
          AlertDescription.handshake_failure,
          "the other end takes no signature of our %s key".formatted(party.key().getAlgorithm()));
    }
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        key(),
        new Certificate(new13 ? request : null, chain()),
        algorithm.get());
  }

  private AsymmetricKeyParameter key() throws IOException {
    byte[] pkcs8 = party.key().getEncoded();
    try {
      return PrivateKeyFactory.createKey(pkcs8);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private CertificateEntry[] chain() throws IOException {
    List<CertificateEntry> chain = new ArrayList<>();
    for (X509Certificate each : party.chain()) {
      try {
        chain.add(new CertificateEntry(crypto.createCertificate(each.getEncoded()), null));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a certificate that was read", e);
      }
    }
    return chain.toArray(CertificateEntry[]::new);
  }

  /// Judges the other end's certificates as those of IKE_AUTH are (RFC 5216 §5.2, §5.3); that it
  /// has the key, the handshake proves.
  ///
  /// @throws TlsFatalAlert when they are not to be trusted
  void judge(Certificate certificate) throws IOException {
    List<Bytes> sent = new ArrayList<>();
    for (TlsCertificate each : certificate.getCertificateList()) {
      if (sent.size() < Certificates.MOST) {
        sent.add(Bytes.of(each.getEncoded()));
      }
    }
    if (sent.isEmpty()) {
      throw object("'%s' shows no certificate".formatted(party.other()));
    }
    accept(party.trust().judge(party.other(), sent));
  }

  /// The handshake waits for nobody: what is not known about revocation is asked when it is over,
  /// and the other end has proven that it has the key.
  private void accept(Trust.Verdict verdict) throws TlsFatalAlert {
    switch (verdict) {
      case Trust.Trusted trusted -> lines.addAll(trusted.lines());
      case Trust.Unsettled(Trust.Trusted trusted, Inquiry open) -> {
        lines.addAll(trusted.lines());
        inquiry = Optional.of(open);
      }
      case Trust.Distrusted(String why) -> throw object(why);
    }
  }

  /// {@return what is to be asked about the other end's certificates, if anything}
  Optional<Inquiry> inquiry() {
    return inquiry;
  }

  /// {@return an alert that does not tell the other end why}
  TlsFatalAlert object(String why) {
    objection = Optional.of(why);
    return new TlsFatalAlert(AlertDescription.certificate_unknown);
  }

  /// Both ends have what they need: makes the key of it (RFC 5216 §2.3, RFC 9190 §2.3).
  void complete(TlsContext context) {
    SecurityParameters agreed = context.getSecurityParametersConnection();
    byte[] material =
        TlsUtils.isTLSv13(agreed.getNegotiatedVersion())
            ? context.exportKeyingMaterial(LABEL_13, TYPE, MSK_OCTETS + EMSK_OCTETS)
            : material12(agreed);
    byte[] octets = Arrays.copyOf(material, MSK_OCTETS);
    msk = Optional.of(KeyMaterial.copyOf(octets));
    Arrays.fill(octets, (byte) 0);
    Arrays.fill(material, (byte) 0);
    lines.addFirst(
        "negotiated %s using suite %s"
            .formatted(agreed.getNegotiatedVersion(), TlsSuite.name(agreed.getCipherSuite())));
  }

  /// As the exporter of RFC 5705 without context makes it, which the library refuses where there is
  /// no extended master secret: strongSwan has none. It matters where sessions are resumed (RFC
  /// 7627 §1), and none is here.
  private static byte[] material12(SecurityParameters agreed) {
    byte[] randoms = Arrays.copyOf(agreed.getClientRandom(), 64);
    System.arraycopy(agreed.getServerRandom(), 0, randoms, 32, 32);
    return TlsUtils.PRF(
            agreed, agreed.getMasterSecret(), LABEL_12, randoms, MSK_OCTETS + EMSK_OCTETS)
        .extract();
  }

  /// The server of TLS 1.3 has to say still that its handshake is over (RFC 9190 §2.5).
  void awaitCommitment() {
    commitmentDue = true;
  }

  /// Takes what came as application data: the commitment, one octet of zero, and nothing else.
  ///
  /// @throws IOException when it is none
  void applicationData(byte[] data) throws IOException {
    if (!commitmentDue || data.length != 1 || data[0] != 0) {
      throw new IOException("EAP-TLS with application data");
    }
    commitmentDue = false;
  }

  /// An alert of ours goes out.
  void raised(short level, short description, Optional<Throwable> cause) {
    if (level == AlertLevel.fatal) {
      String why = objection.or(() -> cause.map(Throwable::getMessage)).orElse("");
      objection = Optional.of("sending fatal TLS alert '%s': %s".formatted(name(description), why));
    }
  }

  /// {@return an alert in strongSwan's words}
  static String name(short description) {
    return AlertDescription.getName(description).replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  /// {@return why it failed, as far as it was we who ended it}
  Optional<String> objection() {
    return objection;
  }

  /// {@return whether nothing is to come any more}
  boolean isDone() {
    return msk.isPresent() && !commitmentDue;
  }

  /// {@return the key, whose owner the caller is now}
  ///
  /// @throws IllegalStateException when there is none, or no more
  KeyMaterial takeMsk() {
    KeyMaterial taken = msk.orElseThrow(() -> new IllegalStateException("no MSK"));
    msk = Optional.empty();
    return taken;
  }

  /// {@return for people, what was agreed and whom we trusted}
  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    msk.ifPresent(KeyMaterial::close);
    msk = Optional.empty();
  }
}
