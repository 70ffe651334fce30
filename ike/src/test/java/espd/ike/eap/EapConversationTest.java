package espd.ike.eap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.EapType;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.spd.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Both ends of EAP face to face.
final class EapConversationTest {

  private static final Bytes CAROL = Identities.octets("carol");
  private static final Bytes CHALLENGE = Bytes.ofHex("21402324255E262A28295F2B3A337C7E");

  private final SecureRandom random = new SecureRandom();

  private static KeyMaterial hash(String password) {
    return MsChapV2.ntPasswordHash(password.getBytes(StandardCharsets.UTF_8));
  }

  private static EapPeer peer(String name, String password) {
    Bytes user = Identities.octets(name);
    return new EapPeer(user, List.of(new MsChapV2Peer(user, hash(password), CHALLENGE)));
  }

  private EapServer server(Optional<Bytes> identity) {
    return new EapServer(List.of(passwords()), identity, 255);
  }

  private EapServer.Offer passwords() {
    return new EapServer.Offer(
        EapType.MSCHAPV2,
        who ->
            new MsChapV2Server(
                who,
                who.equals(CAROL) ? Optional.of(hash("secret")) : Optional.empty(),
                Identities.octets("moon"),
                random));
  }

  /// What came of a conversation, at both ends.
  private record Ends(EapTurn peer, EapTurn server) {}

  private static Ends talk(EapPeer peer, EapServer server) {
    Bytes request = server.begin();
    for (int i = 0; i < 2 * EapEnd.MAX_ROUNDS; i++) {
      EapTurn response = peer.received(request);
      if (!(response instanceof EapTurn.Next(Bytes packet))) {
        throw new AssertionError("the peer ends first: " + response);
      }
      switch (server.received(packet)) {
        case EapTurn.Next(Bytes next) -> request = next;
        case EapTurn.Succeeded end -> {
          return new Ends(peer.received(end.packet().orElseThrow()), end);
        }
        case EapTurn.Failed end -> {
          return new Ends(peer.received(end.packet().orElseThrow()), end);
        }
        case EapTurn.Refused end -> throw new AssertionError("a server is not refused");
      }
    }
    throw new AssertionError("no end");
  }

  @Test
  void bothEndsHaveOneKeyAfterTheRightPassword() { // RFC 3748 §7.10
    Ends ends = talk(peer("carol", "secret"), server(Optional.empty()));
    EapTurn.Proof there = assertInstanceOf(EapTurn.Succeeded.class, ends.server()).proof();
    EapTurn.Proof here = assertInstanceOf(EapTurn.Succeeded.class, ends.peer()).proof();
    Bytes key = there.msk().use(octets -> Bytes.of(octets));
    assertEquals(64, key.length());
    assertEquals(key, here.msk().use(octets -> Bytes.of(octets)));
    assertEquals(CAROL, there.identity());
    assertEquals(EapType.MSCHAPV2, there.type());
  }

  /// Credentials that are read anew are wiped as they were before, whatever goes on.
  @Test
  void aPasswordMayBeWipedInTheMidst() {
    KeyMaterial here = hash("secret");
    EapPeer peer = new EapPeer(CAROL, List.of(new MsChapV2Peer(CAROL, here, CHALLENGE)));
    here.close();
    EapServer.Offer offer =
        new EapServer.Offer(
            EapType.MSCHAPV2,
            who -> {
              try (KeyMaterial there = hash("secret")) {
                return new MsChapV2Server(who, Optional.of(there), CAROL, random);
              }
            });
    Ends ends = talk(peer, new EapServer(List.of(offer), Optional.empty(), 255));
    assertInstanceOf(EapTurn.Succeeded.class, ends.server());
    assertInstanceOf(EapTurn.Succeeded.class, ends.peer());
  }

  @Test
  void aServerThatKnowsThePeerDoesNotAskWhoItIs() { // RFC 3748 §5.1
    EapServer server = server(Optional.of(CAROL));
    assertEquals(EapType.MSCHAPV2.number(), server.begin().at(4));
  }

  @Test
  void aWrongPasswordFailsAtBothEnds() { // draft-kamath-pppext-eap-mschapv2 §2.4
    Ends ends = talk(peer("carol", "wrong"), server(Optional.empty()));
    assertTrue(
        assertInstanceOf(EapTurn.Failed.class, ends.server()).why().contains("passwords differ"));
    assertTrue(assertInstanceOf(EapTurn.Refused.class, ends.peer()).why().contains("E=691"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"carol", "nobody"})
  void aPeerThatNobodyKnowsSeesWhatAWrongPasswordSees(String name) {
    EapServer server = server(Optional.empty());
    EapPeer peer = peer(name, "wrong");
    Bytes request = server.begin();
    StringBuilder shape = new StringBuilder();
    EapTurn turn = new EapTurn.Next(request);
    while (turn instanceof EapTurn.Next(Bytes packet)) {
      shape.append(packet.length()).append('/').append(packet.at(0)).append(' ');
      EapTurn answer = peer.received(packet);
      turn = server.received(assertInstanceOf(EapTurn.Next.class, answer).packet());
    }
    assertEquals("5/1 30/1 81/1 ", shape.toString());
    assertInstanceOf(EapTurn.Failed.class, turn);
  }

  @Test
  void aPasswordOfSomebodyElseProvesNothing() {
    Bytes mallory = Identities.octets("mallory");
    EapPeer peer =
        new EapPeer(CAROL, List.of(new MsChapV2Peer(mallory, hash("secret"), CHALLENGE)));
    assertInstanceOf(EapTurn.Failed.class, talk(peer, server(Optional.empty())).server());
  }

  @Test
  void aServerThatDoesNotKnowThePasswordIsNotBelieved() { // RFC 2759 §8.8
    EapServer liar =
        new EapServer(
            List.of(
                new EapServer.Offer(
                    EapType.MSCHAPV2,
                    who ->
                        new Scripted(
                            EapType.MSCHAPV2,
                            new MsChapV2Packet.Challenge(1, CHALLENGE, CAROL).write(),
                            new MsChapV2Packet.Success(
                                    1, Identities.octets("S=" + "0".repeat(40) + " M=OK"))
                                .write()))),
            Optional.of(CAROL),
            0);
    EapPeer peer = peer("carol", "secret");
    EapTurn response = peer.received(liar.begin());
    EapTurn success = liar.received(assertInstanceOf(EapTurn.Next.class, response).packet());
    EapTurn end = peer.received(assertInstanceOf(EapTurn.Next.class, success).packet());
    assertTrue(assertInstanceOf(EapTurn.Failed.class, end).why().contains("verification failed"));
  }

  /// A server's method that says what it was told to say.
  private record Scripted(EapType type, Bytes first, Bytes second) implements ServerMethod {

    @Override
    public Bytes begin() {
      return first;
    }

    @Override
    public Verdict received(Bytes response) {
      return new Ask(second);
    }

    @Override
    public void close() {}
  }

  @Test
  void successWithoutAMethodIsNone() { // RFC 3748 §4.2
    EapTurn end = peer("carol", "secret").received(new EapPacket.Success(1).write());
    assertInstanceOf(EapTurn.Failed.class, end);
  }

  @Test
  void successBeforeTheServerHasProvenItselfIsNone() { // RFC 2759 §8.8
    EapPeer peer = peer("carol", "secret");
    peer.received(server(Optional.of(CAROL)).begin());
    assertInstanceOf(EapTurn.Failed.class, peer.received(new EapPacket.Success(1).write()));
  }

  @Test
  void aMethodWeDoNotHaveIsRefusedWithOurs() { // RFC 3748 §5.3.1
    EapPeer peer = peer("carol", "secret");
    EapTurn turn = peer.received(new EapPacket.Request(7, 4, Bytes.ofHex("00")).write());
    assertEquals(new EapTurn.Next(new EapPacket.Response(7, 3, Bytes.ofHex("1a")).write()), turn);
  }

  @Test
  void aServerLetsAPeerGoThatWantsAnotherMethod() { // RFC 3748 §5.3.1
    EapServer server = server(Optional.of(CAROL));
    server.begin();
    EapTurn turn = server.received(new EapPacket.Response(255, 3, Bytes.ofHex("0d04")).write());
    EapTurn.Failed end = assertInstanceOf(EapTurn.Failed.class, turn);
    assertEquals(
        Optional.of(Bytes.ofHex("04ff0004")), end.packet(), "of the response's Identifier");
  }

  @Test
  void noConversationIsWithoutEnd() {
    EapPeer peer = peer("carol", "secret");
    EapTurn turn = new EapTurn.Next(Bytes.EMPTY);
    Bytes identity = new EapPacket.Request(1, 1, Bytes.EMPTY).write();
    int rounds = 0;
    while (turn instanceof EapTurn.Next) {
      turn = peer.received(identity);
      rounds++;
    }
    assertEquals(EapEnd.MAX_ROUNDS + 1, rounds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "01", "01020003", "0102000401", "010200ff01", "0502000501", "01021fff01"})
  void whatIsNoPacketIsMalformed(String hex) { // RFC 3748 §4
    try {
      EapPacket packet = EapPacket.read(Bytes.ofHex(hex));
      throw new AssertionError("read " + packet);
    } catch (MalformedException e) {
      assertTrue(e.getMessage() != null);
    }
  }

  @Test
  void randomOctetsOnlyFail() {
    Random seeded = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = new byte[seeded.nextInt(90)];
      seeded.nextBytes(octets);
      if (octets.length > 12) {
        octets[0] = 2;
        octets[1] = (byte) 255;
        octets[2] = 0;
        octets[3] = (byte) octets.length;
        octets[4] = 26;
        octets[5] = (byte) (1 + seeded.nextInt(5));
        octets[7] = 0;
        octets[8] = (byte) (octets.length - 5);
        octets[9] = (byte) (seeded.nextBoolean() ? 49 : 16);
      }
      EapServer server = server(Optional.of(CAROL));
      server.begin();
      EapTurn there = server.received(Bytes.of(octets));
      if (octets.length > 0) {
        octets[0] = 1;
      }
      EapTurn here = peer("carol", "secret").received(Bytes.of(octets));
      assertTrue(!(there instanceof EapTurn.Succeeded) && !(here instanceof EapTurn.Succeeded));
    }
  }
}
