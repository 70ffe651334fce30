package espd.ike.v1.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.ike.crypto.ChildKeys;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Tshark;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.NatD;
import espd.ike.v1.message.Recording;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole exchanges of strongSwan with itself, read, decrypted and proven with our keys; what it
/// logged of each step is the known answer.
class RecordedExchangesTest {

  static Stream<String> exchanges() {
    return Recording.EXCHANGES.stream();
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void derivesTheSameKeys(String name) throws MalformedException {
    // RFC 2409 §5, appendix B: with MD5 the cipher's key of 24 octets is longer than SKEYID_e.
    Recording recording = Recording.of(name);
    try (PhaseOneKeys keys = Replay.of(recording).keys()) {
      assertEquals(recording.first("SKEYID"), octets(keys.skeyid()));
      assertEquals(recording.first("SKEYID_d"), octets(keys.skeyidD()));
      assertEquals(recording.first("SKEYID_a"), octets(keys.skeyidA()));
      assertEquals(recording.first("SKEYID_e"), octets(keys.skeyidE()));
      assertEquals(recording.first("Ka"), octets(keys.encryptionKey()));
      assertEquals(recording.first("iv"), keys.firstIv().octets());
    }
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void provesBothEnds(String name) throws MalformedException, CertificateException {
    // RFC 2409 §5.1, §5.4, RFC 4754 §5: HASH_I and HASH_R, in HASH or signed in SIG.
    Recording recording = Recording.of(name);
    Replay replay = Replay.of(recording);
    replay.toTheEnd();
    assertEquals(recording.first("HASH_I"), replay.proof(Role.INITIATOR));
    assertEquals(recording.first("HASH_R"), replay.proof(Role.RESPONDER));
    assertTrue(replay.isProven(Role.INITIATOR, Role.INITIATOR));
    assertTrue(replay.isProven(Role.RESPONDER, Role.RESPONDER));
    assertFalse(replay.isProven(Role.INITIATOR, Role.RESPONDER), "one end reflects");
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void decryptsEveryMessageAndEncryptsItTheSame(String name) throws MalformedException {
    // RFC 2409 appendix B: the chain of IVs in phase 1, and one for each exchange after it. The
    // other adds a block of padding to what is of whole blocks.
    Recording recording = Recording.of(name);
    Replay replay = Replay.of(recording);
    for (Replay.Deciphered message : replay.toTheEnd()) {
      PhaseOneCipher.Sealed sealed =
          replay.keys().cipher().seal(message.opened().message(), message.before());
      Bytes ours = sealed.message().ciphertext();
      byte[] theirs = message.line().datagram();
      int padding = theirs.length - Header.OCTETS - ours.length();
      assertTrue(padding == 0 || padding == message.before().octets().length(), "padding");
      assertEquals(ours, Bytes.of(theirs, Header.OCTETS, ours.length()));
    }
    Set<Bytes> ivs = new HashSet<>();
    for (Replay.Deciphered message : replay.deciphered()) {
      ivs.add(message.before().octets());
      ivs.add(message.opened().next().octets());
    }
    List<Bytes> logged = recording.all("next-iv");
    assertTrue(ivs.containsAll(logged), () -> ivs + ", logged " + logged);
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void authenticatesEveryMessageAfterPhaseOne(String name) throws MalformedException {
    // RFC 2409 §5.5, §5.7: HASH(1), HASH(2), HASH(3), and the HASH of informational exchanges.
    Replay replay = Replay.of(Recording.of(name));
    int authenticated = 0;
    for (Replay.Deciphered message : replay.toTheEnd()) {
      Optional<Bytes> expected = replay.hash(message);
      if (expected.isPresent()) {
        Hash hash = (Hash) message.opened().message().payloads().getFirst();
        assertTrue(hash.proves(expected.get()), message.opened().message().asRequest());
        authenticated++;
      }
    }
    assertTrue(authenticated >= 5, authenticated + " messages");
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void derivesTheSameKeysOfEsp(String name) throws MalformedException {
    // RFC 2409 §5.5, with PFS where there are two key exchanges; RFC 4106 §8.1 of the salt.
    Recording recording = Recording.of(name);
    Replay replay = Replay.of(recording);
    replay.toTheEnd();
    try (ChildKeys keys = replay.childKeys()) {
      assertKey(recording, "encryption-initiator", keys.encryption(Role.INITIATOR));
      assertKey(recording, "encryption-responder", keys.encryption(Role.RESPONDER));
      assertKey(recording, "integrity-initiator", keys.integrity(Role.INITIATOR));
      assertKey(recording, "integrity-responder", keys.integrity(Role.RESPONDER));
    }
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void choosesWhatTheOtherImplementationChose(String name) throws MalformedException {
    Replay replay = Replay.of(Recording.of(name));
    replay.toTheEnd();
    assertEquals(replay.chosen().answer(), replay.answered());
    assertEquals(
        replay.childChosen().answer(replay.responderSpi()),
        replay.quickAnswer(),
        "the answer to quick mode");
  }

  @Test
  void findsNoNatWhereThereIsNone() throws MalformedException {
    // RFC 3947 §3.2: the first NAT-D is of the receiver, the others of the sender. The sender hides
    // its own, as it wants UDP whatever is between.
    Replay replay = Replay.of(Recording.of("main-psk-3des-md5"));
    IsakmpMessage fromInitiator = (IsakmpMessage) replay.read(2);
    Header header = fromInitiator.header();
    NatD ofReceiver =
        NatDiscovery.hash(replay.suite().prf(), header, Ipv6Address.parse("2001:db8:1::2"), 500);
    assertEquals(ofReceiver, fromInitiator.all(NatD.class).getFirst());
    assertEquals(2, fromInitiator.all(NatD.class).size());
  }

  @Test
  void anotherReadsTheMessagesWithOurKey()
      throws MalformedException, IOException, InterruptedException {
    assumeTrue(Tshark.isInstalled());
    Replay replay = Replay.of(Recording.of("main-psk-3des-md5"));
    List<Replay.Deciphered> messages = replay.toTheEnd();
    String cookie = Bytes.ofLong(messages.getFirst().opened().message().header().spiI()).toString();
    String key = cookie + "," + octets(replay.keys().encryptionKey());
    String text = Tshark.dissect(replay.packets(), "-o", "uat:ikev1_decryption_table:" + key);
    for (String expected :
        new String[] {
          "3DES (3)", "HMAC-MD5", "UDP-Encapsulated-Tunnel", "R-U-THERE-ACK", "Payload: Delete"
        }) {
      assertTrue(text.contains(expected), expected + " not in\n" + text);
    }
    assertFalse(text.contains("Malformed"), text);
  }

  private static void assertKey(Recording recording, String name, KeyMaterial key) {
    List<Bytes> logged = recording.all(name);
    assertEquals(logged.isEmpty() ? Bytes.EMPTY : logged.getFirst(), octets(key), name);
  }

  private static Bytes octets(KeyMaterial key) {
    return Bytes.ofHex(key.use(HexFormat.of()::formatHex));
  }
}
