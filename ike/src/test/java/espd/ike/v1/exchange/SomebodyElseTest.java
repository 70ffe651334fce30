package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import espd.ike.Datagram;
import espd.spd.Ipv6Address;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Somebody who is neither end and changes what is in the clear, or forges where it comes from.
final class SomebodyElseTest {

  /// RFC 2408 §2.5.3: who forges its address does not know the cookie that was sent there, and has
  /// no shared secret computed.
  @Test
  void whoHasNotGotTheCookieCostsNoKeyExchange() {
    TwoPeers peers = IsakmpConnections.usual();
    peers.initiator.begin();
    peers.exchanged();
    peers.initiator.compute();
    Datagram right = peers.translated(peers.initiator.sent.remove());
    byte[] without = right.payload().clone();
    Arrays.fill(without, 8, 16, (byte) 0);
    take(peers, IsakmpConnections.ALICE, without);
    assertInstanceOf(Phase1.SaAnswered.class, peers.responder.states.getFirst());

    peers.responder.takes(right);
    assertInstanceOf(Phase1.Answering.class, peers.responder.states.getFirst());
  }

  private static void take(TwoPeers peers, Ipv6Address from, byte[] octets) {
    peers.responder.takes(new Datagram(IsakmpConnections.BOB, 500, from, 500, octets));
  }
}
