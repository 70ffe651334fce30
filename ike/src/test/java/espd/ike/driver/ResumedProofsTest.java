package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.DeadPeer;
import espd.ike.EapType;
import espd.ike.PpkRule;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.eap.Identities;
import espd.ike.message.Transform;
import espd.spd.Direction;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a ticket stands for (RFC 5723 §5): whatever way the ends have proven themselves, and
/// whatever has gone into their keys, is not asked for again.
final class ResumedProofsTest extends LostHosts {

  private void resumes(Connections hers, Connections his) {
    up(resuming(hers), resuming(his).liveness(Duration.ZERO, DeadPeer.CLEAR));
    losesBob();
    int exchanges = alice.count("IKE_AUTH initiator ok");
    again();
    assertEquals(1, alice.count(OK), alice.lines::toString);
    assertEquals(exchanges + 1, alice.count("IKE_AUTH initiator ok"));
  }

  /// RFC 5723 §5, note 1: an identity of EAP is in the ticket, by which bob knows that the IKE SA
  /// of before was the same peer's; the rounds of EAP are saved.
  @Test
  void aPeerThatHasProvenItselfByEapIsKnownByItsIdentityThere() {
    alice.passwords.put("carol", "secret");
    bob.passwords.put("carol", "secret");
    EapIdentity carol = new EapIdentity.Named(Identities.octets("carol"));
    Proof eap = new Proof.Eap(List.of(EapType.MSCHAPV2), carol);
    Proof asked = new Proof.Eap(List.of(EapType.MSCHAPV2), new EapIdentity.Asked());
    resumes(
        Connections.alice().proofs(new Proofs(eap, new Proof.SharedKey())),
        Connections.bob().proofs(new Proofs(new Proof.SharedKey(), asked)));
  }

  /// RFC 8784: a PPK is in SK_d, so it is in what comes of it.
  @Test
  void aPpkThatIsRequiredIsInTheTicketsKey() {
    alice.ppks.put("moon-sun", "a key of quantum proof length");
    bob.ppks.put("moon-sun", "a key of quantum proof length");
    PpkRule rule = new PpkRule(List.of(Identities.octets("moon-sun")), true);
    resumes(Connections.alice().ppk(rule), Connections.bob().ppk(rule));
  }

  /// RFC 9370: nor is there an additional key exchange, whose secret is in SK_d as well.
  @Test
  void anAdditionalKeyExchangeIsNotDoneAgain() {
    var hybrid =
        Connections.ike(
            Connections.AES_128,
            Connections.SHA2_256,
            Connections.PRF_SHA2_256,
            Connections.X25519,
            Transform.additional(1, 36));
    resumes(Connections.alice().ikeProposals(hybrid), Connections.bob().ikeProposals(hybrid));
    assertEquals(1, alice.count("IKE_INTERMEDIATE initiator ok"));
  }

  /// RFC 5723 §5: whether there is a NAT is found out anew.
  @Test
  void espGoesInUdpAgain() {
    resumes(Connections.alice().forcingEncapsulation(), Connections.bob().forcingEncapsulation());
    assertTrue(alice.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isPresent());
  }
}
