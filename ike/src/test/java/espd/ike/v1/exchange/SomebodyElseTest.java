package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import espd.ike.Datagram;
import espd.ike.exchange.IsakmpState;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.v1.message.Attribute;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.IsakmpDatagram;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.PhaseOneAttribute;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private static byte[] goingOn(long spiI, long spiR) {
    Header header = new Header(spiI, spiR, Header.QUICK_MODE, Header.ENCRYPTION, 9);
    return new EncryptedMessage(header, Hash.TYPE, Bytes.EMPTY).write();
  }

  /// 28 octets that anybody may send do not have us send many times as much to whom he likes: only
  /// the peer, where it has begun and with the cookie that we sent there, gets the answer once
  /// more.
  @Test
  void nobodyHasOurAnswerSentToAnother() {
    TwoPeers peers = IsakmpConnections.both(c -> c.version(AggressiveModeTest.AGGRESSIVE));
    peers.initiator.begin();
    peers.initiator.talksTo(peers.responder);
    peers.responder.sent.clear();
    IsakmpState state = peers.responder.states.getFirst();
    Ipv6Address victim = Ipv6Address.parse("2001:db8:9::9");

    take(peers, IsakmpConnections.ALICE, goingOn(state.spiI(), 0));
    take(peers, victim, goingOn(state.spiI(), 0));
    take(peers, victim, goingOn(state.spiI(), state.spiR()));
    assertEquals(0, peers.responder.sent.size());
    take(peers, IsakmpConnections.ALICE, goingOn(state.spiI(), state.spiR()));
    assertEquals(1, peers.responder.sent.size());
  }

  private static void take(TwoPeers peers, Ipv6Address from, byte[] octets) {
    peers.responder.takes(new Datagram(IsakmpConnections.BOB, 500, from, 500, octets));
  }

  /// RFC 2407 §4.6.3: what is in the clear does not say that the peer has lost all SAs.
  @Test
  void initialContactInTheClearIsNone() throws Exception {
    TwoPeers peers = IsakmpConnections.both(c -> c.version(AggressiveModeTest.AGGRESSIVE)).up();
    peers.initiator.begin();
    peers.initiator.talksTo(peers.responder);
    Datagram answer = peers.translated(peers.responder.sent.remove());
    IsakmpMessage right = (IsakmpMessage) IsakmpDatagram.read(answer.payload());
    List<IsakmpPayload> more = new ArrayList<>(right.payloads());
    more.add(Notification.ofIsakmp(right.header(), NotificationType.INITIAL_CONTACT, Bytes.EMPTY));
    byte[] forged = new IsakmpMessage(right.header(), more).write();
    peers.initiator.takes(
        new Datagram(IsakmpConnections.ALICE, 500, IsakmpConnections.BOB, 500, forged));
    peers.quiet();

    assertEquals(2, peers.initiator.children().size());
    assertEquals(2, peers.responder.children().size());
  }

  private static IsakmpTransform lasting(IsakmpTransform transform, long seconds) {
    List<Attribute> attributes = new ArrayList<>(transform.attributes());
    attributes.removeIf(each -> each.type() == PhaseOneAttribute.LIFE_DURATION);
    attributes.add(Attribute.of(PhaseOneAttribute.LIFE_DURATION, seconds));
    return new IsakmpTransform(transform.number(), transform.id(), attributes);
  }

  /// RFC 2409 §5.4: no HASH covers what the responder chooses, so that anybody on the way may have
  /// changed it: that makes no lifetime longer than what was offered, nor endless.
  @ParameterizedTest
  @CsvSource({"0, 3600", "7200, 3600", "600, 600"})
  void anAnswerMakesALifetimeShorterOnly(long answered, long lives) throws Exception {
    TwoPeers peers =
        IsakmpConnections.both(
            c ->
                c.ikeLifetime(IsakmpConnections.after(Duration.ofHours(1), Duration.ofMinutes(5))));
    peers.initiator.begin();
    peers.initiator.talksTo(peers.responder);
    Datagram answer = peers.translated(peers.responder.sent.remove());
    IsakmpMessage message = (IsakmpMessage) IsakmpDatagram.read(answer.payload());
    IsakmpProposal chosen =
        message.first(SecurityAssociation.class).orElseThrow().proposals().getFirst();
    IsakmpProposal other =
        chosen.with(Bytes.EMPTY, lasting(chosen.transforms().getFirst(), answered));
    byte[] octets =
        new IsakmpMessage(message.header(), List.of(SecurityAssociation.of(List.of(other))))
            .write();
    peers.initiator.takes(
        new Datagram(IsakmpConnections.ALICE, 500, IsakmpConnections.BOB, 500, octets));
    peers.quiet();
    assertEquals(Optional.of(peers.now.plusSeconds(lives)), peers.initiator.established().endsAt());
  }
}
