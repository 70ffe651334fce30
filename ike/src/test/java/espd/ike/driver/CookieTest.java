package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.EapType;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.eap.Identities;
import espd.ike.exchange.Retransmission;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.pki.Authority;
import espd.spd.Ipv6Address;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// IKE_SA_INIT requests that the network has doubled and delayed, while bob's demand for cookies
/// comes and goes (RFC 7296 §2.6): whatever arrives when, there is one IKE SA (RFC 7296 §2.1).
final class CookieTest extends TwoHosts {

  private static final Ipv6Address STRANGER = Ipv6Address.parse("2001:db8:66:6::1");
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /// What the network holds back, in the order in which it was sent.
  private final List<Datagram> held = new ArrayList<>();

  @BeforeEach
  void bobAsksForCookiesWhileAStrangerIsHalfOpen() {
    Retransmission later = new Retransmission(Duration.ofSeconds(5), 1.5, 8);
    Host.Options options =
        new Host.Options(later, new IkeLimits(1, 8, 4, PATIENCE, 1 << 16, 10, 100));
    alice = new Host(Connections.ALICE, time, network, 10, options);
    bob = new Host(Connections.BOB, time, network, 20, options);
    load(Proofs.SHARED_KEY, Proofs.SHARED_KEY);
    network.middlebox(
        d -> {
          held.add(d);
          return List.of();
        });
  }

  private void load(Proofs hers, Proofs his) {
    alice.load(Connections.alice().proofs(hers).connection());
    Connection bobs = Connections.bob().proofs(his).connection();
    bob.load(
        bobs,
        new ConnectionBuilder(bobs)
            .name("open")
            .remote(Optional.empty())
            .remoteId(Optional.empty())
            .reqid(9)
            .build());
  }

  /// Alice's first request, which a stranger has sent with another SPI just before it comes.
  private Datagram begin() {
    alice.begin("net");
    time.pass(Duration.ofMillis(20));
    Datagram first = held.removeFirst();
    strangerComes(first);
    return first;
  }

  private void strangerComes(Datagram first) {
    byte[] octets = first.payload();
    byte[] other = ByteBuffer.allocate(octets.length).put(octets).putLong(0, 66).array();
    bob.ike.receive(new Datagram(Connections.BOB, 500, STRANGER, 500, other));
    time.pass(Duration.ofMillis(20));
    assertEquals("IKE_SA_INIT response 0 [ SA KE No ", text(held.removeLast()).substring(0, 34));
  }

  private void deliver(Datagram datagram) {
    network.carry(datagram);
    time.pass(Duration.ofMillis(50));
  }

  private static void assertSame(Datagram one, Datagram other) {
    assertEquals(Bytes.of(one.payload()), Bytes.of(other.payload()));
  }

  private Datagram sent(String what) {
    Datagram datagram = held.removeFirst();
    String text = text(datagram);
    assertEquals(what, text.substring(0, Math.min(what.length(), text.length())));
    return datagram;
  }

  private static String text(Datagram datagram) {
    try {
      Header header = Header.read(datagram.payload());
      return header.exchange() == Header.IKE_SA_INIT
          ? Message.read(datagram.payload()).toString()
          : header.toString();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private void strangerGoes() {
    time.pass(PATIENCE);
    assertEquals(0, bob.ike.list().size());
  }

  private void goOn() {
    network.middlebox(List::of);
    held.forEach(network::carry);
    time.pass(Duration.ofSeconds(10));
    assertProtected(1);
    assertEquals(1, bob.ike.list().size());
    assertEquals(1, alice.ike.list().size());
  }

  /// RFC 7296 §2.6: the first copy is answered with a cookie, and a later one, when bob has time
  /// again, with an IKE SA; alice has got the cookie by then and comes with it. What she signs is
  /// the request with the cookie (RFC 7296 §2.15).
  @Test
  void aCopyIsAcceptedBeforeTheRequestWithTheCookieComes() {
    Crossed crossed = aCopyIsAccepted();
    deliver(crossed.withCookie);
    assertSame(crossed.accepted, sent("IKE_SA_INIT response 0 [ SA KE No "));
    deliver(crossed.accepted);
    assertEquals(1, bob.ike.list().size());
    goOn();
  }

  /// How the two prove who they are.
  enum By {
    SHARED_KEY,
    SIGNATURE,
    EAP
  }

  private void proveThemselves(By by) {
    switch (by) {
      case SHARED_KEY -> {}
      case SIGNATURE -> {
        KeyPair hers = Authority.key("secp256r1");
        KeyPair his = Authority.key("secp256r1");
        alice.keychain = RawPublicKeysTest.keychain(hers);
        bob.keychain = RawPublicKeysTest.keychain(his);
        Proof hersShown = RawPublicKeysTest.raw(hers);
        Proof hisShown = RawPublicKeysTest.raw(his);
        load(new Proofs(hersShown, hisShown), new Proofs(hisShown, hersShown));
      }
      case EAP -> {
        alice.passwords.put("carol", "secret");
        bob.passwords.put("carol", "secret");
        EapIdentity carol = new EapIdentity.Named(Identities.octets("carol"));
        Proof eap = new Proof.Eap(List.of(EapType.MSCHAPV2), carol);
        Proof key = new Proof.SharedKey();
        load(new Proofs(eap, key), new Proofs(key, eap));
      }
    }
  }

  /// @param accepted bob's answer to a copy of alice's request
  /// @param withCookie her request with the cookie that he had asked for before
  private record Crossed(Datagram accepted, Datagram withCookie) {}

  /// The first copy is answered with a cookie, which alice gets, and a later one with an IKE SA.
  private Crossed aCopyIsAccepted() {
    Datagram request = begin();
    deliver(request);
    Datagram cookie = sent("IKE_SA_INIT response 0 [ N(COOKIE) ]");
    strangerGoes();
    deliver(request);
    Datagram accepted = sent("IKE_SA_INIT response 0 [ SA KE No ");
    deliver(cookie);
    return new Crossed(accepted, sent("IKE_SA_INIT request 0 [ N(COOKIE) SA KE No "));
  }

  /// A copy is accepted, and the request with the cookie never comes.
  private void theRequestWithTheCookieIsLost() {
    deliver(aCopyIsAccepted().accepted);
  }

  /// RFC 7296 §2.15: alice signs the request with the cookie still, which bob knows without having
  /// seen it.
  @ParameterizedTest
  @EnumSource(By.class)
  void whatWasSignedIsKnownThoughItNeverCame(By by) {
    proveThemselves(by);
    theRequestWithTheCookieIsLost();
    goOn();
    assertEquals(0, bob.count("sent AUTHENTICATION_FAILED"));
  }

  /// RFC 7296 §2.21.2: of whatever request, a proof by another secret is none.
  @Test
  void anotherSecretProvesNothingOfAnyRequest() {
    bob.sharedKey = "another";
    theRequestWithTheCookieIsLost();
    network.middlebox(List::of);
    held.forEach(network::carry);
    time.pass(Duration.ofSeconds(10));
    assertEquals(1, bob.count("sent AUTHENTICATION_FAILED"), bob.counters.toString());
    assertEquals(List.of(), bob.ike.list());
  }

  /// RFC 7296 §2.6: bob's secret has changed between two copies, so that there are two cookies;
  /// alice comes with the first, and signs the request with the second.
  @Test
  void whatWasSignedIsKnownWhereThereAreTwoCookies() {
    Datagram request = begin();
    deliver(request);
    Datagram first = sent("IKE_SA_INIT response 0 [ N(COOKIE) ]");
    time.pass(Cookies.SECRET_LIFETIME);
    held.clear();
    strangerComes(request);
    deliver(request);
    Datagram second = sent("IKE_SA_INIT response 0 [ N(COOKIE) ]");
    assertNotEquals(Bytes.of(first.payload()), Bytes.of(second.payload()));
    deliver(first);
    deliver(sent("IKE_SA_INIT request 0 [ N(COOKIE) SA KE No "));
    Datagram accepted = sent("IKE_SA_INIT response 0 [ SA KE No ");
    deliver(second);
    Datagram _ = sent("IKE_SA_INIT request 0 [ N(COOKIE) SA KE No ");
    deliver(accepted);
    goOn();
  }

  /// The request with the cookie comes while bob computes his answer to a copy without.
  @Test
  void theRequestWithTheCookieComesWhileTheAnswerIsComputed() {
    Datagram request = begin();
    deliver(request);
    deliver(sent("IKE_SA_INIT response 0 [ N(COOKIE) ]"));
    Datagram withCookie = sent("IKE_SA_INIT request 0 [ N(COOKIE) SA KE No ");
    strangerGoes();
    network.carry(request);
    time.pass(Duration.ofMillis(1));
    deliver(withCookie);
    deliver(sent("IKE_SA_INIT response 0 [ SA KE No "));
    assertEquals(1, bob.ike.list().size());
    goOn();
  }

  /// RFC 7296 §2.1: copies of either request that come after, while the IKE SA is half-open and
  /// when it is established, begin no other.
  @Test
  void copiesThatComeAfterwardsBeginNothing() {
    Datagram request = begin();
    deliver(request);
    deliver(sent("IKE_SA_INIT response 0 [ N(COOKIE) ]"));
    Datagram withCookie = sent("IKE_SA_INIT request 0 [ N(COOKIE) SA KE No ");
    deliver(withCookie);
    Datagram accepted = sent("IKE_SA_INIT response 0 [ SA KE No ");
    deliver(withCookie);
    assertSame(accepted, sent("IKE_SA_INIT response 0 [ SA KE No "));
    deliver(request);
    assertEquals(1, bob.count("dropped another IKE_SA_INIT request of the same SPI"));
    assertEquals(2, bob.ike.list().size(), "hers and the stranger's");
    deliver(accepted);
    goOn();
    deliver(request);
    deliver(withCookie);
    assertEquals(1, bob.ike.list().size());
    assertEquals(2, bob.count("dropped outside of the message window"));
  }

  /// The answer to a copy asks for a cookie that alice has sent already: she does not begin anew.
  @Test
  void aCookieThatIsThereIsNotGivenAgain() {
    Datagram request = begin();
    deliver(request);
    Datagram cookie = sent("IKE_SA_INIT response 0 [ N(COOKIE) ]");
    deliver(cookie);
    Datagram withCookie = sent("IKE_SA_INIT request 0 [ N(COOKIE) SA KE No ");
    deliver(cookie);
    assertEquals(List.of(), held);
    assertEquals(1, alice.count("dropped our cookie was not heeded"));
    deliver(withCookie);
    goOn();
  }
}
