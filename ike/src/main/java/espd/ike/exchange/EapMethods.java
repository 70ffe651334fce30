package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.EapType;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.Proofs.Tls;
import espd.ike.SignatureRule;
import espd.ike.eap.EapPeer;
import espd.ike.eap.EapServer;
import espd.ike.eap.Identities;
import espd.ike.eap.MsChapV2Peer;
import espd.ike.eap.MsChapV2Server;
import espd.ike.eap.PeerMethod;
import espd.ike.eap.tls.EapTlsPeer;
import espd.ike.eap.tls.EapTlsServer;
import espd.ike.eap.tls.TlsParty;
import espd.ike.message.Bytes;
import espd.ike.pki.Trust;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The methods of EAP that a connection may use, with the secrets that we have.
///
/// @param surroundings with the secrets
/// @param now when certificates have to be valid
record EapMethods(Surroundings surroundings, Instant now) {

  private static final int CHALLENGE = 16;

  /// {@return what to say where there is no secret for any method}
  static String noKey(Connection connection) {
    return "no EAP key found for '%s'".formatted(connection.localId());
  }

  /// {@return our end as initiator, or nothing when we have no secret for any method}
  ///
  /// @param connection in which we prove ourselves by EAP
  /// @param responder who it is towards IKE
  Optional<EapPeer> peer(Connection connection, Identity responder) {
    if (!(connection.proofs().local() instanceof Proof.Eap eap)) {
      throw new IllegalStateException("EAP, which connection " + connection.name() + " has not");
    }
    Bytes identity =
        switch (eap.identity()) {
          case EapIdentity.Named(Bytes name) -> name;
          case EapIdentity.OfIke() -> text(connection.localId());
          case EapIdentity.Asked() -> text(connection.localId());
        };
    List<PeerMethod> methods = new ArrayList<>();
    for (EapType type : eap.methods()) {
      switch (type) {
        case MSCHAPV2 ->
            surroundings
                .credentials()
                .passwordHash(identity)
                .map(hash -> new MsChapV2Peer(identity, hash, challenge()))
                .ifPresent(methods::add);
        case TLS -> {
          Tls tls = eap.tls();
          party(tls.peer(), tls.server(), tls.serverName().orElse(responder))
              .map(EapTlsPeer::new)
              .ifPresent(methods::add);
        }
      }
    }
    return methods.isEmpty() ? Optional.empty() : Optional.of(new EapPeer(identity, methods));
  }

  private Bytes challenge() {
    byte[] octets = new byte[CHALLENGE];
    surroundings.random().nextBytes(octets);
    return Bytes.of(octets);
  }

  /// {@return our end as responder, or nothing when we have no secret for any method}
  ///
  /// @param eap how the peer has to prove itself
  /// @param peer who it says it is in IKE
  Optional<EapServer> server(Proof.Eap eap, Peer peer) {
    Optional<Bytes> identity =
        switch (eap.identity()) {
          case EapIdentity.Named(Bytes name) -> Optional.of(name);
          case EapIdentity.OfIke() -> Optional.of(text(peer.remote()));
          case EapIdentity.Asked() -> Optional.empty();
        };
    List<EapServer.Offer> offers = new ArrayList<>();
    for (EapType type : eap.methods()) {
      switch (type) {
        case MSCHAPV2 -> offers.add(passwords(peer.local()));
        case TLS -> certificates(eap.tls()).ifPresent(offers::add);
      }
    }
    return offers.isEmpty()
        ? Optional.empty()
        : Optional.of(new EapServer(offers, identity, surroundings.random().nextInt(256)));
  }

  private EapServer.Offer passwords(Identity local) {
    return new EapServer.Offer(
        EapType.MSCHAPV2,
        who ->
            new MsChapV2Server(
                who,
                surroundings.credentials().passwordHash(who),
                text(local),
                surroundings.random()));
  }

  private Optional<EapServer.Offer> certificates(Tls tls) {
    return key(tls.server())
        .map(
            key ->
                new EapServer.Offer(
                    EapType.TLS,
                    who ->
                        new EapTlsServer(
                            party(key, tls.server(), tls.peer(), Identity.ofEap(who)))));
  }

  private Optional<TlsParty> party(SignatureRule own, SignatureRule others, Identity other) {
    return key(own).map(key -> party(key, own, others, other));
  }

  private TlsParty party(PrivateKey key, SignatureRule own, SignatureRule others, Identity other) {
    Trust trust = new Trust(others, surroundings.credentials().keychain(), now);
    return new TlsParty(key, own.certificates(), trust, other, surroundings.random());
  }

  private Optional<PrivateKey> key(SignatureRule own) {
    Keychain keychain = surroundings.credentials().keychain();
    return own.certificates().stream()
        .findFirst()
        .map(X509Certificate::getPublicKey)
        .flatMap(each -> Optional.ofNullable(keychain.keys().get(each)));
  }

  private static Bytes text(Identity identity) {
    return Identities.octets(identity.toString());
  }
}
