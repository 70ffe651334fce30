package espd.ike.exchange;

import espd.ike.crypto.IkeSuite;
import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.time.Instant;

/// A ticket that an initiator was given, and what it has to know of the IKE SA that it is of (RFC
/// 5723 §4.2, §5). Whoever holds it last closes it.
///
/// @param octets of the ticket, which mean nothing to us
/// @param until when it may be presented (RFC 5723 §4.3)
/// @param peer who gave it, under the connection that it is for
/// @param suite the algorithms
/// @param skD SK_d, the ticket's own
public record HeldTicket(Bytes octets, Instant until, Peer peer, IkeSuite suite, KeyMaterial skD)
    implements AutoCloseable {

  /// Wipes the key.
  @Override
  public void close() {
    skD.close();
  }

  /// {@return what it is for, nothing of the secret}
  @Override
  public String toString() {
    return "ticket of '%s' until %s".formatted(peer.remote(), until);
  }
}
