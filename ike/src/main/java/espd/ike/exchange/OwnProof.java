package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Keychain;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.crypto.AuthSignature;
import espd.ike.crypto.HashAlgorithm;
import espd.ike.crypto.SignatureScheme;
import espd.ike.message.Bytes;
import espd.ike.message.Certificate;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How we prove who we are by a signature (RFC 7296 §2.15), which takes its time.
sealed interface OwnProof {

  /// This makes it.
  record ToSign(Computation.Sign computation) implements OwnProof {}

  /// We lack what it takes.
  record Impossible(String why) implements OwnProof {}

  /// What is proven, and to whom.
  ///
  /// @param connection whose proof it is
  /// @param hashes that the peer takes; none if it takes no signature of method 14
  /// @param wanted the encodings of certificates that the peer asks for
  /// @param octets to sign
  record Claim(
      Connection connection,
      Set<HashAlgorithm> hashes,
      Set<Integer> wanted,
      Ppk.Twice<Bytes> octets) {}

  /// {@return our proof}
  static OwnProof of(Claim claim, SignatureRule rule, Keychain keychain) {
    String who = "'%s'".formatted(claim.connection().localId());
    Optional<PublicKey> own = rule.key();
    if (own.isEmpty()) {
      return new Impossible("no certificate of our own for " + who);
    }
    Optional<PrivateKey> key = Optional.ofNullable(keychain.keys().get(own.get()));
    if (key.isEmpty()) {
      return new Impossible("no private key found for " + who);
    }
    Optional<SignatureScheme> scheme =
        AuthSignature.usable(own.get(), claim.hashes()).filter(rule::permits).findFirst();
    if (scheme.isEmpty()) {
      return new Impossible(
          "no signature scheme for the %s key of %s: the peer takes %s, allowed %s"
              .formatted(
                  key.get().getAlgorithm(),
                  who,
                  claim.hashes().isEmpty() ? "no method 14" : claim.hashes(),
                  rule.schemes().isEmpty() ? "any" : rule.schemes()));
    }
    List<Certificate> payloads = payloads(rule);
    boolean sends =
        switch (rule.sending()) {
          case ALWAYS -> true;
          case IF_ASKED -> claim.wanted().contains(payloads.getFirst().encoding());
          case NEVER -> false;
        };
    return new ToSign(
        new Computation.Sign(
            key.get(),
            scheme.get(),
            claim.octets().asked(),
            claim.octets().without(),
            sends ? payloads : List.of()));
  }

  /// What shows our key: a chain of certificates, or itself (RFC 7670 §3).
  private static List<Certificate> payloads(SignatureRule rule) {
    List<Certificate> payloads = new ArrayList<>();
    try {
      for (PublicKey each : rule.keys()) {
        payloads.add(new Certificate(Certificate.RAW_PUBLIC_KEY, Bytes.of(each.getEncoded())));
      }
      for (X509Certificate each : rule.isRaw() ? List.<X509Certificate>of() : rule.certificates()) {
        payloads.add(new Certificate(Certificate.X509, Bytes.of(each.getEncoded())));
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read", e);
    }
    return payloads;
  }

  /// {@return whether certificates play a part in a connection}
  static boolean signs(Connection connection) {
    return connection.proofs().local() instanceof Proof.Signature || PeerProof.signs(connection);
  }
}
