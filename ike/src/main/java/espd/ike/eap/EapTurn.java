package espd.ike.eap;

import espd.ike.EapType;
import espd.ike.message.Bytes;
import espd.ike.pki.Inquiry;
import espd.spd.KeyMaterial;
import java.util.List;
import java.util.Optional;

/// What one end makes of a packet of the other.
public sealed interface EapTurn {

  /// The conversation goes on with this packet.
  ///
  /// @param packet for the other end
  record Next(Bytes packet) implements EapTurn {}

  /// The peer has proven itself.
  ///
  /// @param packet what the server has to say still; a peer has said all
  /// @param proof which method it was, and what came of it
  record Succeeded(Optional<Bytes> packet, Proof proof) implements EapTurn {}

  /// It has not, or the server has not: this end says so.
  ///
  /// @param packet what the server has to say still; a peer has said all
  /// @param why for our log; the other end is told nothing of it
  record Failed(Optional<Bytes> packet, String why) implements EapTurn {}

  /// The server has said that the peer has not proven itself, and needs not be told.
  ///
  /// @param why as far as the peer knows
  record Refused(String why) implements EapTurn {}

  /// What a method comes to.
  ///
  /// @param type the method
  /// @param identity of the peer, as it stands towards the method
  /// @param msk the key that both ends have now, 64 octets (RFC 3748 §7.10)
  /// @param lines for people, how it came to that
  /// @param inquiry that is to be settled before it counts: whether a certificate that the other
  ///   end has shown is revoked
  record Proof(
      EapType type,
      Bytes identity,
      KeyMaterial msk,
      List<String> lines,
      Optional<Inquiry> inquiry) {

    /// Copies the list.
    public Proof {
      lines = List.copyOf(lines);
    }

    /// {@return what there is to say to people once it counts}
    public String line() {
      return "EAP method %s succeeded, MSK established".formatted(type.label());
    }
  }
}
