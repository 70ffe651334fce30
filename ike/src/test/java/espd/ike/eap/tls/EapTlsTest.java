package espd.ike.eap.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Identity;
import espd.ike.eap.EapFailedException;
import espd.ike.eap.ServerMethod;
import espd.ike.eap.tls.Ends.End;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.pki.Authority;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// EAP-TLS (RFC 5216, RFC 9190) end to end, and with the JDK's TLS at the other.
final class EapTlsTest {

  private static final String TLS_12 = "TLSv1.2";
  private static final String TLS_13 = "TLSv1.3";
  private static final Bytes START = Bytes.ofHex("20");
  private static final Bytes ACKNOWLEDGEMENT = Bytes.ofHex("00");

  private final End carol = End.of("carol", "secp256r1");
  private final End moon = End.of("moon", "secp256r1");

  private static void assertContains(String part, @Nullable Object whole) {
    assertTrue(String.valueOf(whole).contains(part), () -> String.valueOf(whole));
  }

  /// RFC 5216 §2.1.1, RFC 9190 §2.1.1: both ends show certificates, of whatever key.
  @ParameterizedTest
  @ValueSource(strings = {"2048", "secp256r1", "secp384r1", "secp521r1", "Ed25519", "Ed448"})
  void bothEndsHaveOneKey(String kind) throws Exception {
    End peer = End.of("carol", kind);
    End server = End.of("moon", kind);
    EapTlsPeer there = new EapTlsPeer(peer.towards(server.identity()));
    EapTlsServer here = new EapTlsServer(server.towards(peer.identity()));
    assertEquals(64, Ends.talk(there, here).length());
    assertContains("negotiated TLS 1.3 using suite TLS_AES_128_GCM_SHA256", here.lines());
    assertContains("using trusted ca certificate \"C=CH, O=Test, CN=Root\"", there.lines());
  }

  /// {@return the key as the JDK derives it: RFC 5216 §2.3 for TLS 1.2, RFC 9190 §2.3 for 1.3}
  private static Bytes key(JdkTls jdk, String version) throws Exception {
    return version.equals(TLS_13)
        ? jdk.exported("EXPORTER_EAP_TLS_Key_Material", (byte) 13)
        : jdk.exported("client EAP encryption");
  }

  @ParameterizedTest
  @CsvSource({
    "2048, TLSv1.2",
    "secp256r1, TLSv1.2",
    "secp384r1, TLSv1.2",
    "Ed25519, TLSv1.2",
    "2048, TLSv1.3",
    "secp256r1, TLSv1.3",
    "Ed25519, TLSv1.3"
  })
  void ourServerHasTheKeyOfTheJdksClient(String kind, String version) throws Exception {
    End peer = End.of("carol", kind);
    End server = End.of("moon", kind);
    JdkTls jdk = JdkTls.client(peer, version);
    EapTlsServer here = new EapTlsServer(server.towards(peer.identity()));
    Bytes request = ACKNOWLEDGEMENT; // What begins for it is not its TLS's business.
    ServerMethod.Verdict verdict = here.received(jdk.answer(request));
    while (verdict instanceof ServerMethod.Ask(Bytes next)) {
      verdict = here.received(jdk.answer(next));
    }
    ServerMethod.Accept accepted = assertInstanceOf(ServerMethod.Accept.class, verdict);
    assertEquals(key(jdk, version), Ends.octets(accepted.msk()));
    // RFC 9190 §2.5: the server commits to say no more.
    byte[] commitment = version.equals(TLS_13) ? new byte[] {0} : new byte[0];
    assertArrayEquals(commitment, jdk.applicationData.toByteArray());
  }

  /// Our end as peer until the JDK's server has had all it wants.
  private static void converse(EapTlsPeer there, JdkTls jdk) throws Exception {
    Bytes response = there.answer(START);
    while (true) {
      Bytes request = jdk.answer(response);
      if (request.equals(ACKNOWLEDGEMENT) && EapTlsPacket.read(response).isAcknowledgement()) {
        return; // Nobody has anything to say.
      }
      if (request.equals(ACKNOWLEDGEMENT) && !EapTlsPacket.read(response).more()) {
        return; // TLS 1.3 has no answer to the client's last flight.
      }
      response = there.answer(request);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2048, TLSv1.2",
    "secp256r1, TLSv1.2",
    "Ed25519, TLSv1.2",
    "2048, TLSv1.3",
    "secp384r1, TLSv1.3",
    "Ed448, TLSv1.3"
  })
  void ourPeerHasTheKeyOfTheJdksServer(String kind, String version) throws Exception {
    End peer = End.of("carol", kind);
    End server = End.of("moon", kind);
    JdkTls jdk = JdkTls.server(server, version);
    EapTlsPeer there = new EapTlsPeer(peer.towards(server.identity()));
    converse(there, jdk);
    if (version.equals(TLS_13)) {
      assertEquals(ACKNOWLEDGEMENT, there.answer(jdk.say((byte) 0)));
    }
    assertEquals(key(jdk, version), Ends.octets(there.msk()));
  }

  /// RFC 9190 §2.5: without the server's commitment EAP's Success may be anybody's.
  @Test
  void successBeforeTheCommitmentIsNotBelieved() throws Exception {
    JdkTls jdk = JdkTls.server(moon, TLS_13);
    EapTlsPeer there = new EapTlsPeer(carol.towards(moon.identity()));
    converse(there, jdk);
    assertContains(
        "before TLS has ended", assertThrows(EapFailedException.class, there::msk).getMessage());
  }

  /// RFC 9190 §2.5: one octet of zero, and no other application data.
  @ParameterizedTest
  @ValueSource(strings = {"01", "00 00", "48 65 6c"})
  void whatIsNoCommitmentIsRefused(String octets) throws Exception {
    JdkTls jdk = JdkTls.server(moon, TLS_13);
    EapTlsPeer there = new EapTlsPeer(carol.towards(moon.identity()));
    converse(there, jdk);
    assertEquals(ACKNOWLEDGEMENT, there.answer(jdk.say(Bytes.ofHex(octets).toArray())));
    assertThrows(EapFailedException.class, there::msk);
    assertContains("application data", there.complaint());
  }

  /// RFC 5216 §2.1.1, RFC 9190 §2.1.1: Success amid the handshake.
  @Test
  void successBeforeTheHandshakeIsOverIsNotBelieved() throws Exception {
    EapTlsPeer there = new EapTlsPeer(carol.towards(moon.identity()));
    Bytes _ = there.answer(START);
    assertThrows(EapFailedException.class, there::msk);
  }

  /// What two ends come to that do not trust each other.
  ///
  /// @param server why it failed
  /// @param peer likewise
  private record Failures(String server, String peer) {}

  private static Failures failures(EapTlsPeer peer, EapTlsServer server) {
    EapFailedException failed =
        assertThrows(EapFailedException.class, () -> Ends.talk(peer, server));
    assertThrows(EapFailedException.class, peer::msk);
    return new Failures(String.valueOf(failed.getMessage()), peer.complaint());
  }

  /// RFC 5216 §2.1.3: who does not trust the other says so by an alert, and EAP fails.
  @Test
  void aServerOfAnotherAuthorityIsRefused() {
    Authority other = Authority.root("C=CH, O=Other, CN=Root");
    Failures failures =
        failures(
            new EapTlsPeer(carol.towards(moon.identity(), other)),
            new EapTlsServer(moon.towards(carol.identity())));
    assertContains("sending fatal TLS alert 'certificate unknown'", failures.peer());
    assertContains("is not trusted", failures.peer());
    assertEquals("received fatal TLS alert 'certificate unknown'", failures.server());
  }

  @Test
  void aPeerOfAnotherAuthorityIsRefused() { // RFC 5216 §2.1.3
    Authority other = Authority.root("C=CH, O=Other, CN=Root");
    Failures failures =
        failures(
            new EapTlsPeer(carol.towards(moon.identity())),
            new EapTlsServer(moon.towards(carol.identity(), other)));
    assertContains("is not trusted", failures.server());
    assertEquals("received fatal TLS alert 'certificate unknown'", failures.peer());
  }

  /// RFC 5216 §5.2: the certificate is of the one that IKE wants.
  @Test
  void aServerOfAnotherNameIsRefused() {
    Failures failures =
        failures(
            new EapTlsPeer(carol.towards(Identity.ofName("sun.example.org"))),
            new EapTlsServer(moon.towards(carol.identity())));
    assertContains("does not confirm identity 'sun.example.org'", failures.peer());
  }

  /// RFC 5216 §5.2: the certificate is of the one that EAP's identity names.
  @Test
  void aPeerOfAnotherNameIsRefused() {
    Failures failures =
        failures(
            new EapTlsPeer(carol.towards(moon.identity())),
            new EapTlsServer(moon.towards(Identity.ofName("dave"))));
    assertContains("does not confirm identity 'dave'", failures.server());
  }

  /// A certificate proves nothing without its key (RFC 8446 §4.4.3).
  @Test
  void aPeerWithoutTheKeyOfItsCertificateIsRefused() {
    KeyPair another = Authority.key("secp256r1");
    End mallory = new End("carol", another, carol.chain());
    Failures failures =
        failures(
            new EapTlsPeer(mallory.towards(moon.identity())),
            new EapTlsServer(moon.towards(carol.identity())));
    assertContains("decrypt error", failures.server());
  }

  /// RFC 5216 §2.1.1: the server insists on the peer's certificate.
  @ParameterizedTest
  @ValueSource(strings = {TLS_12, TLS_13})
  void aPeerThatShowsNoCertificateIsRefused(String version) throws Exception {
    JdkTls nobody = JdkTls.client(new End("nobody", carol.key(), List.of()), version);
    EapTlsServer here = new EapTlsServer(moon.towards(carol.identity()));
    EapFailedException failed =
        assertThrows(
            EapFailedException.class,
            () -> {
              Bytes response = nobody.answer(ACKNOWLEDGEMENT);
              while (here.received(response) instanceof ServerMethod.Ask(Bytes next)) {
                response = alertedAt(nobody, next);
              }
            });
    assertContains("shows no certificate", failed.getMessage());
  }

  /// The JDK throws what it is told by an alert.
  private static Bytes alertedAt(JdkTls jdk, Bytes request) throws MalformedException {
    try {
      return jdk.answer(request);
    } catch (SSLException e) {
      return ACKNOWLEDGEMENT;
    }
  }

  /// RFC 5216 §2.1.5: chains of many certificates take many packets.
  @Test
  void aLongChainGoesOver() throws Exception {
    List<X509Certificate> chain = new ArrayList<>();
    Authority above = Ends.ROOT;
    for (int i = 4; i > 0; i--) {
      above =
          above.between(
              Authority.Draft.of("C=CH, O=" + "x".repeat(60) + ", CN=" + i).authority(i - 1));
      chain.addFirst(above.certificate());
    }
    KeyPair key = Authority.key("2048");
    chain.addFirst(above.certify(Authority.Draft.of("C=CH, O=Test, CN=far"), key.getPublic()));
    End far = new End("far", key, chain);
    EapTlsPeer there = new EapTlsPeer(far.towards(moon.identity()));
    EapTlsServer here = new EapTlsServer(moon.towards(far.identity()));
    assertEquals(64, Ends.talk(there, here).length());
    assertContains("using intermediate ca certificate", here.lines());
  }

  /// RFC 5216 §2.1.1, §3.1: who speaks out of turn is refused.
  @Test
  void whatComesOutOfTurnIsRefused() throws Exception {
    EapTlsPeer there = new EapTlsPeer(carol.towards(moon.identity()));
    assertThrows(MalformedException.class, () -> there.answer(ACKNOWLEDGEMENT), "before Start");
    Bytes _ = there.answer(START);
    assertThrows(MalformedException.class, () -> there.answer(START), "Start again");
    assertThrows(MalformedException.class, () -> there.answer(ACKNOWLEDGEMENT), "no TLS");

    EapTlsServer here = new EapTlsServer(moon.towards(carol.identity()));
    assertEquals(START, here.begin());
    assertThrows(MalformedException.class, () -> here.received(START), "Start of the peer");
    assertThrows(MalformedException.class, () -> here.received(ACKNOWLEDGEMENT), "no TLS");
  }

  /// RFC 5216 §2.1.3: what is no TLS, or another version of it, ends in an alert and a failure.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff ff ff ff ff ff ff ff", // no record
        "16 03 01 00 05 01 00 00 01 00", // a ClientHello cut short
        "16 03 01 ff ff 01", // a record too long
        "15 03 03 00 02 02 28", // an alert: handshake_failure
        "17 03 03 00 01 00", // application data at once
        "16 03 01 00 2d 01 00 00 29 03 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
            + "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02 c0 13 01 00" // TLS 1.0
      })
  void whatIsNoHandshakeFails(String hex) {
    EapTlsServer here = new EapTlsServer(moon.towards(carol.identity()));
    Bytes hello = Bytes.ofHex("00" + hex);
    assertThrows(
        EapFailedException.class,
        () -> {
          assertInstanceOf(ServerMethod.Ask.class, here.received(hello));
          ServerMethod.Verdict _ = here.received(ACKNOWLEDGEMENT);
        });
  }

  /// RFC 3748 §7.2.1 (c): what somebody changes on the way does not pass.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aChangedMessageFails(int changed) {
    EapTlsPeer there = new EapTlsPeer(carol.towards(moon.identity()));
    EapTlsServer here = new EapTlsServer(moon.towards(carol.identity()));
    assertThrows(
        EapFailedException.class,
        () -> {
          Bytes request = here.begin();
          int messages = 0;
          while (true) {
            Bytes response = there.answer(request);
            if (response.length() > 1 && ++messages == changed) {
              byte[] octets = response.toArray();
              octets[octets.length - 1] ^= 1;
              response = Bytes.of(octets);
            }
            if (!(here.received(response) instanceof ServerMethod.Ask(Bytes next))) {
              return;
            }
            request = next;
          }
        });
  }

  private static Bytes garbled(Bytes packet, Random random) {
    byte[] octets = packet.toArray();
    for (int i = random.nextInt(4); i >= 0; i--) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt();
    }
    return Bytes.of(
        octets, 0, random.nextInt(8) == 0 ? random.nextInt(octets.length) : octets.length);
  }

  /// Whatever comes, a method refuses it in its own way or goes on.
  @Test
  void garbledPacketsThrowNothingElse() throws Exception {
    Random random = new Random(13);
    for (int i = 0; i < 200; i++) {
      EapTlsPeer there = new EapTlsPeer(carol.towards(moon.identity()));
      EapTlsServer here = new EapTlsServer(moon.towards(carol.identity()));
      int spoilt = random.nextInt(6);
      Bytes request = here.begin();
      try {
        for (int packets = 0; ; packets++) {
          Bytes response = there.answer(packets == spoilt ? garbled(request, random) : request);
          boolean spoils = packets == spoilt - 1;
          if (!(here.received(spoils ? garbled(response, random) : response)
              instanceof ServerMethod.Ask(Bytes next))) {
            break;
          }
          request = next;
        }
      } catch (MalformedException | EapFailedException e) {
        assertTrue(e.getMessage() != null);
      }
    }
  }

  @Test
  void nothingTellsTheKey() { // RFC 5216 §5.4
    assertEquals(
        "CN=carol, O=Test, C=CH towards C=CH, O=Test, CN=moon",
        carol.towards(moon.identity()).toString());
  }
}
