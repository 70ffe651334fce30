package espd.ike.exchange;

import espd.ike.Identity;
import espd.ike.crypto.AuthData;
import espd.ike.crypto.Role;
import espd.ike.crypto.TicketKey;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import java.util.Optional;

/// What a ticket says of an IKE SA that it resumes (RFC 5723 §5).
///
/// @param peer who is at the other end, as it was proven when the ticket was given
/// @param ticket that it is, for the responder, which takes each once
record Resumed(Peer peer, Optional<TicketKey.Serial> ticket) {

  /// {@return the peer, if its request names the same two identities as the ticket and brings a
  /// proof (RFC 5723 §4.3.3)}
  Optional<Peer> claimed(IkeAuth.Request request, Identity remote) {
    boolean same =
        peer.remote().equals(remote)
            && request.idr().map(IkeAuth::identity).map(peer.local()::equals).orElse(true);
    return same && request.auth().isPresent() ? Optional.of(peer) : Optional.empty();
  }

  /// {@return our proof: that we know the ticket's key (RFC 5723 §4.3.3)}
  ///
  /// @param init what is signed
  /// @param restOfIdPayload our ID payload without generic header
  static Authentication proof(IkeSa ikeSa, InitMessages init, Bytes restOfIdPayload) {
    return new Authentication(
        Authentication.SHARED_KEY, expected(ikeSa, ikeSa.role(), init, restOfIdPayload));
  }

  /// {@return whether the peer's proof is right; why not, if it is not}
  Optional<String> refutation(PeerProof.Claim claim) {
    if (!peer.remote().equals(claim.identity())) {
      return Optional.of(
          "the peer is '%s', the ticket is of '%s'".formatted(claim.identity(), peer.remote()));
    }
    Role other = claim.ikeSa().role().other();
    return claim.auth().method() == Authentication.SHARED_KEY
            && claim
                .init()
                .possible()
                .map(each -> expected(claim.ikeSa(), other, each, claim.restOfIdPayload()))
                .anyMatch(expected -> AuthData.matches(expected, claim.auth().data()))
        ? Optional.empty()
        : Optional.of("authentication of '%s' by ticket failed".formatted(claim.identity()));
  }

  private static Bytes expected(
      IkeSa ikeSa, Role signer, InitMessages init, Bytes restOfIdPayload) {
    return AuthData.ofTicket(ikeSa.keys(), signer, init.signed(signer, restOfIdPayload));
  }
}
