package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Credentials;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.crypto.AuthSignature;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Certificate;
import espd.ike.message.CertificateRequest;
import espd.ike.pki.Certificates;
import espd.ike.pki.Trust;
import espd.spd.KeyMaterial;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether the peer is who it says it is (RFC 7296 §2.15): of a MAC known at once, of a signature
/// in its time.
sealed interface PeerProof {

  /// It is.
  ///
  /// @param lines for people
  record Right(List<String> lines) implements PeerProof {}

  /// It is not.
  record Wrong(String why) implements PeerProof {}

  /// That has to be found out.
  record ToVerify(Computation.Verify computation) implements PeerProof {}

  /// What the peer says.
  ///
  /// @param ikeSa whose keys go into its proof
  /// @param init what it signs
  /// @param identity who it says it is
  /// @param restOfIdPayload its ID payload without generic header
  /// @param auth its proof
  /// @param certificates it has sent
  record Claim(
      IkeSa ikeSa,
      InitMessages init,
      Identity identity,
      Bytes restOfIdPayload,
      Authentication auth,
      List<Certificate> certificates) {

    private List<Bytes> octets() {
      return init.possible()
          .map(each -> each.octets(ikeSa.keys(), ikeSa.role().other(), restOfIdPayload))
          .toList();
    }
  }

  /// {@return what the proof of a connection's peer is worth}
  static PeerProof of(Claim claim, Connection connection, Credentials credentials, Instant now) {
    Optional<Resumed> resumed = claim.init().resumed();
    if (resumed.isPresent()) {
      return mac(resumed.get().refutation(claim), claim, "ticket");
    }
    return switch (connection.proofs().remote()) {
      case Proof.SharedKey() ->
          bySharedKey(claim, credentials.preSharedKey(connection.localId(), claim.identity()));
      case Proof.Signature(SignatureRule rule) ->
          bySignature(claim, rule, credentials.keychain(), now);
      case Proof.Eap nothing ->
          new Wrong("'%s' has to prove itself by EAP, as initiator".formatted(claim.identity()));
    };
  }

  private static PeerProof bySharedKey(Claim claim, Optional<KeyMaterial> secret) {
    return mac(
        new SharedKey(claim.ikeSa(), claim.init())
            .refutation(secret, claim.auth(), claim.restOfIdPayload(), claim.identity()),
        claim,
        "pre-shared key");
  }

  private static PeerProof mac(Optional<String> refutation, Claim claim, String how) {
    return refutation
        .<PeerProof>map(Wrong::new)
        .orElseGet(
            () ->
                new Right(
                    List.of(
                        "authentication of '%s' with %s successful"
                            .formatted(claim.identity(), how))));
  }

  private static PeerProof bySignature(
      Claim claim, SignatureRule rule, Keychain keychain, Instant now) {
    if (claim.auth().method() == Authentication.SHARED_KEY) {
      return new Wrong(
          "authentication of '%s' differs: offered pre-shared key (%d), allowed a signature"
              .formatted(claim.identity(), Authentication.SHARED_KEY));
    }
    Trust trust = new Trust(rule, keychain, now);
    List<Bytes> certificates =
        claim.certificates().stream()
            .filter(each -> each.encoding() == trust.encoding())
            .map(Certificate::data)
            .limit(Certificates.MOST)
            .toList();
    if (certificates.isEmpty() && !claim.certificates().isEmpty() && !rule.isRaw()) {
      return new Wrong(
          "'%s' sends certificates of encoding %d, taken is X.509 (%d)"
              .formatted(
                  claim.identity(), claim.certificates().getFirst().encoding(), Certificate.X509));
    }
    Optional<AuthSignature> signature = AuthSignature.in(claim.auth());
    if (signature.isEmpty()) {
      return new Wrong(
          "'%s' signs in a way we do not take (method %d)"
              .formatted(claim.identity(), claim.auth().method()));
    }
    return new ToVerify(
        new Computation.Verify(
            trust, claim.identity(), certificates, signature.get(), claim.octets()));
  }

  /// {@return whether a connection's peer signs}
  static boolean signs(Connection connection) {
    return connection.proofs().remote() instanceof Proof.Signature;
  }

  private static Stream<SignatureRule> asking(Connection connection) {
    return connection.proofs().remote() instanceof Proof.Signature(SignatureRule rule)
            && rule.asking() == Asking.CERTREQ
        ? Stream.of(rule)
        : Stream.empty();
  }

  /// {@return whether a peer that has to prove itself so may have sent this}
  ///
  /// @param auth its proof; none from who goes by EAP (RFC 7296 §2.16)
  static boolean goesBy(Proof proof, Optional<Authentication> auth) {
    return switch (proof) {
      case Proof.Eap _ -> auth.isEmpty();
      case Proof.SharedKey() ->
          auth.filter(each -> each.method() == Authentication.SHARED_KEY).isPresent();
      case Proof.Signature _ ->
          auth.filter(each -> each.method() != Authentication.SHARED_KEY).isPresent();
    };
  }

  /// {@return CERTREQ: whose certificates we trust, where a peer has to show one, and that we take
  /// raw public keys, where a peer has one (RFC 7296 §3.7, RFC 7670 §4)}
  static List<CertificateRequest> certificateRequests(
      List<Connection> connections, Keychain keychain) {
    return connections.stream()
        .flatMap(PeerProof::asking)
        .map(SignatureRule::isRaw)
        .distinct()
        .sorted()
        .map(
            raw ->
                raw
                    ? new CertificateRequest(Certificate.RAW_PUBLIC_KEY, Bytes.EMPTY)
                    : new CertificateRequest(
                        Certificate.X509, Certificates.hashes(keychain.authorities())))
        .toList();
  }
}
