package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Identity;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.eap.EapPeer;
import espd.ike.eap.EapServer;
import espd.ike.eap.EapType;
import espd.ike.eap.Identities;
import espd.ike.eap.MsChapV2Peer;
import espd.ike.eap.MsChapV2Server;
import espd.ike.eap.PeerMethod;
import espd.ike.message.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The methods of EAP that a connection may use, with the secrets that we have.
final class EapMethods {

  private static final int CHALLENGE = 16;

  private final Surroundings surroundings;

  EapMethods(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// {@return our end as initiator, or nothing when we have no secret for any method}
  Optional<EapPeer> peer(Connection connection, Proof.Eap eap) {
    Bytes identity =
        switch (eap.identity()) {
          case EapIdentity.Named(Bytes name) -> name;
          case EapIdentity.OfIke() -> text(connection.localId());
          case EapIdentity.Asked() -> text(connection.localId());
        };
    List<PeerMethod> methods = new ArrayList<>();
    for (EapType type : eap.methods()) {
      peer(type, identity).ifPresent(methods::add);
    }
    return methods.isEmpty() ? Optional.empty() : Optional.of(new EapPeer(identity, methods));
  }

  private Optional<PeerMethod> peer(EapType type, Bytes identity) {
    return switch (type) {
      case MSCHAPV2 ->
          surroundings
              .credentials()
              .passwordHash(identity)
              .map(hash -> new MsChapV2Peer(identity, hash, challenge()));
    };
  }

  private Bytes challenge() {
    byte[] octets = new byte[CHALLENGE];
    surroundings.random().nextBytes(octets);
    return Bytes.of(octets);
  }

  /// {@return our end as responder}
  ///
  /// @param remote who the peer says it is in IKE
  EapServer server(Connection connection, Proof.Eap eap, Identity remote) {
    Optional<Bytes> identity =
        switch (eap.identity()) {
          case EapIdentity.Named(Bytes name) -> Optional.of(name);
          case EapIdentity.OfIke() -> Optional.of(text(remote));
          case EapIdentity.Asked() -> Optional.empty();
        };
    List<EapServer.Offer> offers =
        eap.methods().stream().map(type -> offer(type, connection)).toList();
    return new EapServer(offers, identity, surroundings.random().nextInt(256));
  }

  private EapServer.Offer offer(EapType type, Connection connection) {
    return switch (type) {
      case MSCHAPV2 ->
          new EapServer.Offer(
              type,
              peer ->
                  new MsChapV2Server(
                      peer,
                      surroundings.credentials().passwordHash(peer),
                      text(connection.localId()),
                      surroundings.random()));
    };
  }

  private static Bytes text(Identity identity) {
    return Identities.octets(identity.toString());
  }
}
