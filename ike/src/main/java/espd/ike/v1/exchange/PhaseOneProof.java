package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.crypto.AuthSignature;
import espd.ike.crypto.Role;
import espd.ike.crypto.SignatureScheme;
import espd.ike.exchange.Computation;
import espd.ike.exchange.Path;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.pki.Certificates;
import espd.ike.pki.Trust;
import espd.ike.v1.crypto.PhaseOneSignature;
import espd.ike.v1.crypto.PhaseOneTerms;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.ike.v1.exchange.Phase1.Proven;
import espd.ike.v1.message.AuthenticationMethod;
import espd.ike.v1.message.Certificate;
import espd.ike.v1.message.CertificateRequest;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.Signature;
import espd.spd.KeyMaterial;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How both ends of phase 1 prove who they are: by HASH_I and HASH_R under keys made of a shared
/// secret (RFC 2409 §5.4), or by signatures of them (§5.1).
final class PhaseOneProof {

  /// A peer is told of no more authorities.
  private static final int MOST_REQUESTS = 16;

  private static final int UDP = 17;

  private final Surroundings surroundings;

  PhaseOneProof(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// {@return how the ends of a connection prove themselves, which in IKEv1 is the same for both;
  /// nothing when it is not}
  static Optional<AuthenticationMethod> method(Connection connection) {
    Proof local = connection.proofs().local();
    Proof remote = connection.proofs().remote();
    if (local instanceof Proof.SharedKey && remote instanceof Proof.SharedKey) {
      return Optional.of(AuthenticationMethod.PRE_SHARED_KEY);
    }
    if (local instanceof Proof.Signature(SignatureRule rule) && remote instanceof Proof.Signature) {
      return rule.key().flatMap(PhaseOneSignature::method);
    }
    return Optional.empty();
  }

  /// {@return what a connection allows in phase 1; nothing when IKEv1 cannot say it}
  static Optional<PhaseOneTerms> terms(Connection connection) {
    return terms(connection, connection.ikeProposals());
  }

  /// {@return what a connection allows of some proposals}
  static Optional<PhaseOneTerms> terms(Connection connection, List<Proposal> proposals) {
    try {
      Lifetimes lifetimes = Lifetimes.of(connection.ikeLifetime().lifetime());
      return method(connection)
          .map(method -> new PhaseOneTerms(proposals, List.of(method), lifetimes));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Nothing that IKEv1 can say.
    }
  }

  /// {@return the secret shared with a peer, which in main mode has not said who it is: then that
  /// of the identities in the configuration, or else of the addresses (RFC 2409 §5.4)}
  ///
  /// @param said who the peer says it is
  Optional<KeyMaterial> secret(Connection connection, Path path, Optional<Identity> said) {
    Identity remote = said.or(connection::remoteId).orElseGet(() -> Identity.of(path.remote()));
    return surroundings
        .credentials()
        .preSharedKey(connection.localId(), remote)
        .or(
            () ->
                surroundings
                    .credentials()
                    .preSharedKey(Identity.of(path.local()), Identity.of(path.remote())));
  }

  /// {@return our ID payload}
  static Identification id(Connection connection) {
    return Identification.of(connection.localId());
  }

  // --- ours ----------------------------------------------------------------------------------

  /// Our proof.
  sealed interface Own {
    /// It is there.
    record Ready(IsakmpPayload hash) implements Own {}

    /// This makes it.
    record ToSign(Computation.Sign computation) implements Own {}

    /// We lack what it takes.
    record Impossible(String why) implements Own {}
  }

  /// {@return our proof}
  Own own(Keyed keyed) {
    Attempt attempt = keyed.attempt();
    Bytes hash = hash(keyed, attempt.role(), id(attempt.connection()));
    if (!keyed.agreed().chosen().method().signs()) {
      return new Own.Ready(new Hash(hash));
    }
    SignatureScheme scheme = PhaseOneSignature.scheme(keyed.agreed().chosen().method());
    Optional<PrivateKey> key =
        own(attempt.connection())
            .flatMap(SignatureRule::key)
            .map(k -> surroundings.credentials().keychain().keys().get(k));
    return key.<Own>map(
            k -> new Own.ToSign(new Computation.Sign(k, scheme, hash, Optional.empty(), List.of())))
        .orElseGet(
            () ->
                new Own.Impossible(
                    "no private key found for '%s'".formatted(attempt.connection().localId())));
  }

  private static Bytes hash(Keyed keyed, Role prover, Identification id) {
    return keyed.sa().keys().proof(prover, keyed.agreed().offered(), id);
  }

  /// {@return `[CERT,] SIG` of a signature}
  List<IsakmpPayload> signed(Keyed keyed, Computation.Signed signed) {
    List<IsakmpPayload> payloads = new ArrayList<>();
    own(keyed.attempt().connection())
        .filter(rule -> sends(rule, keyed.request().isPresent()))
        .map(SignatureRule::certificates)
        .orElseGet(List::of)
        .forEach(each -> payloads.add(new Certificate(Certificate.X509_SIGNATURE, der(each))));
    payloads.add(new Signature(signed.auth().data()));
    return payloads;
  }

  private static boolean sends(SignatureRule rule, boolean asked) {
    return switch (rule.sending()) {
      case ALWAYS -> true;
      case IF_ASKED -> asked;
      case NEVER -> false;
    };
  }

  private static Optional<SignatureRule> own(Connection connection) {
    return connection.proofs().local() instanceof Proof.Signature(SignatureRule rule)
        ? Optional.of(rule)
        : Optional.empty();
  }

  private static Bytes der(X509Certificate certificate) {
    try {
      return Bytes.of(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read", e);
    }
  }

  /// {@return CERTREQ: whose certificates we trust (RFC 2408 §3.10), where the ends sign}
  List<CertificateRequest> requests(Connection connection) {
    if (!(connection.proofs().remote() instanceof Proof.Signature(SignatureRule rule))
        || rule.asking() != Asking.CERTREQ
        || rule.isRaw()) {
      return List.of(); // RFC 2408 §3.9 has no raw public keys.
    }
    List<X509Certificate> authorities =
        rule.authorities().isEmpty()
            ? surroundings.credentials().keychain().authorities()
            : rule.authorities();
    if (authorities.isEmpty() || authorities.size() > MOST_REQUESTS) {
      return List.of(new CertificateRequest(Certificate.X509_SIGNATURE, Bytes.EMPTY));
    }
    return authorities.stream()
        .map(each -> Bytes.of(each.getSubjectX500Principal().getEncoded()))
        .map(name -> new CertificateRequest(Certificate.X509_SIGNATURE, name))
        .toList();
  }

  // --- the peer's ----------------------------------------------------------------------------

  /// What the peer's proof is worth.
  sealed interface Theirs {
    /// It is who it says it is.
    ///
    /// @param line for people
    record Right(String line) implements Theirs {}

    /// It has another secret, or its message was changed on the way: nothing that it could mean.
    record Unauthentic(String why) implements Theirs {}

    /// That has to be found out.
    record ToVerify(Computation.Verify computation) implements Theirs {}
  }

  /// {@return what the proof in a message is worth}
  ///
  /// @param peer who it says it is
  Theirs theirs(Keyed keyed, Proven peer, IsakmpMessage message, Instant now) {
    Identification id = peer.id();
    Bytes hash = hash(keyed, keyed.attempt().role().other(), id);
    if (!keyed.agreed().chosen().method().signs()) {
      Optional<Hash> theirs = message.first(Hash.class);
      boolean same =
          theirs.isPresent()
              && MessageDigest.isEqual(theirs.get().data().toArray(), hash.toArray());
      return same
          ? new Theirs.Right(
              "authentication of '%s' with pre-shared key successful".formatted(id.identity()))
          : new Theirs.Unauthentic("the HASH of '%s' is wrong".formatted(id.identity()));
    }
    Optional<Signature> signature = message.first(Signature.class);
    if (signature.isEmpty()) {
      return new Theirs.Unauthentic("no SIG of '%s'".formatted(id.identity()));
    }
    Trust trust = trust(peer.connection(), now);
    List<Bytes> certificates =
        message.all(Certificate.class).stream()
            .filter(each -> each.encoding() == trust.encoding())
            .map(Certificate::data)
            .limit(Certificates.MOST)
            .toList();
    SignatureScheme scheme = PhaseOneSignature.scheme(keyed.agreed().chosen().method());
    return new Theirs.ToVerify(
        new Computation.Verify(
            trust,
            id.identity(),
            certificates,
            new AuthSignature(List.of(scheme), signature.get().data()),
            List.of(hash)));
  }

  /// Which way to sign is negotiated in IKEv1: the rule's schemes are IKEv2's.
  private Trust trust(Connection connection, Instant now) {
    Keychain keychain = surroundings.credentials().keychain();
    SignatureRule rule =
        connection.proofs().remote() instanceof Proof.Signature(SignatureRule r)
            ? r
            : SignatureRule.ANY;
    return new Trust(rule.withAnyScheme(), keychain, now);
  }

  /// {@return whether an ID payload is one of phase 1: of a party, at no port or at IKE's (RFC 2407
  /// §4.6.2)}
  static boolean isParty(Identification id) {
    boolean nowhere = id.protocol() == 0 && id.port() == 0;
    boolean ike = id.protocol() == UDP && (id.port() == 0 || isIke(id.port()));
    return nowhere || ike;
  }

  private static boolean isIke(int port) {
    return port == Datagram.PORT || port == Datagram.NAT_PORT;
  }
}
