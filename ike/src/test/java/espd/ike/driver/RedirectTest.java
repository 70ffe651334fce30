package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.EapType;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.crypto.IkeCipher;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.eap.Identities;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Gateway;
import espd.ike.message.Header;
import espd.ike.message.IdResponder;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.SecurityAssociation;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that gateways send to each other (RFC 5685): alice calls bob, and ends at dave, who
/// proves the same identity.
final class RedirectTest extends TwoHosts {

  private static final Ipv6Address DAVE = Ipv6Address.parse("2001:db8:3:3::3");
  private static final Identity GATEWAY = Identity.ofName("gw.example");
  private static final Gateway THERE = Gateway.of(DAVE);

  private Host dave;

  @BeforeEach
  void twoGateways() {
    dave = new Host(DAVE, time, network, 30);
    alice.load(hers());
    bob.load(his(Connections.BOB));
    dave.load(his(DAVE));
  }

  private static Connection hers() {
    return Connections.alice()
        .identities(Identity.of(Connections.ALICE), Optional.of(GATEWAY))
        .connection();
  }

  private static Connection his(Ipv6Address local) {
    return Connections.from(local, Connections.ALICE)
        .identities(GATEWAY, Optional.of(Identity.of(Connections.ALICE)))
        .selectors(
            Selector.between(AddressRange.of(Connections.BOB), AddressRange.of(Connections.ALICE)))
        .connection();
  }

  private boolean up() {
    CompletableFuture<Outcome> outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    return outcome.isDone() && outcome.join().succeeded();
  }

  private void assertSaid(Host host, String part) {
    assertTrue(host.said.stream().anyMatch(line -> line.contains(part)), host.said::toString);
  }

  private void assertAtDave() {
    assertEquals(1, alice.ike.list().size());
    assertEquals(DAVE, alice.ike.list().getFirst().path().remote());
    assertEquals(1, alice.sas(Direction.OUTBOUND).size());
    assertEquals(alice.spis(Direction.OUTBOUND), dave.spis(Direction.INBOUND));
    assertEquals(List.of(), bob.ike.list());
    assertEquals(0, bob.sas(Direction.INBOUND).size());
    assertSaid(alice, "redirected to " + DAVE);
    assertSaid(dave, "client got redirected from " + Connections.BOB);
  }

  // --- IKE_SA_INIT

  /// In bob's place: `<-- HDR, N(REDIRECT, New_GW_ID, Ni)`
  private void answeringInit(Gateway gateway, Optional<Bytes> nonce) {
    network.middlebox(
        d -> {
          if (!d.remote().equals(Connections.BOB)) {
            return List.of(d);
          }
          return List.of(answer(d, gateway, nonce.orElseGet(() -> nonce(d))));
        });
  }

  private static Bytes nonce(Datagram request) {
    return message(request).payloads().stream()
        .filter(Nonce.class::isInstance)
        .map(payload -> ((Nonce) payload).data())
        .findFirst()
        .orElseThrow();
  }

  private static Message message(Datagram datagram) {
    try {
      return Message.read(datagram.payload());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Datagram answer(Datagram request, Gateway gateway, Bytes nonce) {
    byte[] to = gateway.data().toArray();
    byte[] data = Arrays.copyOf(to, to.length + nonce.length());
    System.arraycopy(nonce.toArray(), 0, data, to.length, nonce.length());
    Notify notify = Notify.of(NotifyType.REDIRECT, Bytes.of(data));
    Header in = message(request).header();
    Header out = new Header(in.spiI(), 0, in.exchange(), Header.RESPONSE, in.messageId());
    return new Datagram(
        /* local= */ request.remote(),
        /* localPort= */ request.remotePort(),
        /* remote= */ request.local(),
        /* remotePort= */ request.localPort(),
        new Message(out, List.of(notify)).write());
  }

  /// RFC 5685 §3: the client announces that it can go elsewhere, and tells the other gateway where
  /// it comes from.
  @Test
  void theAnswerToTheFirstMessageSendsTheClientElsewhere() {
    answeringInit(THERE, Optional.empty());
    assertTrue(up());
    assertAtDave();
    List<String> requests =
        network.seen().stream()
            .filter(d -> d.payload()[18] == Header.IKE_SA_INIT)
            .map(d -> message(d).toString())
            .filter(text -> text.contains("request"))
            .toList();
    assertEquals(
        List.of(
            "IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(REDIR_SUP) ]",
            "IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(REDIR_SUP)"
                + " N(REDIR_FROM) ]"),
        requests);
  }

  /// RFC 5685 §3: what does not bring back the client's nonce may be anybody's.
  @Test
  void aRedirectWithoutTheNonceIsNotHeeded() {
    answeringInit(THERE, Optional.of(Bytes.ofHex("00112233445566778899aabbccddeeff")));
    assertFalse(up());
    assertEquals(List.of(), dave.ike.list());
    assertTrue(alice.count("dropped a REDIRECT that is not heeded") > 0);
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(10));
    assertProtected(1);
  }

  /// RFC 5685 §9.2: a gateway may have a name, or an address of IPv4.
  @Test
  void aGatewayWithoutAnAddressOfIpv6CannotBeReached() {
    for (String gateway : List.of("gw2.example", "192.0.2.1")) {
      twoHosts();
      twoGateways();
      answeringInit(Gateway.parse(gateway), Optional.empty());
      assertFalse(up());
      assertEquals(List.of(), alice.ike.list());
      assertSaid(alice, "unable to resolve gateway ID '" + gateway + "'");
    }
  }

  @Test
  void aRedirectOfNoKnownKindIsNotHeeded() {
    answeringInit(new Gateway(9, Bytes.EMPTY), Optional.empty());
    assertFalse(up());
    assertSaid(alice, "received invalid REDIRECT notify");
    assertEquals(1, alice.ike.list().size());
  }

  /// RFC 5685 §7: gateways that send a client round and round lose it.
  @Test
  void aLoopEndsAfterFiveTimes() {
    network.middlebox(
        d -> {
          if (d.remote().equals(Connections.ALICE)) {
            return List.of(d);
          }
          boolean bobs = d.remote().equals(Connections.BOB);
          return List.of(answer(d, Gateway.of(bobs ? DAVE : Connections.BOB), nonce(d)));
        });
    assertFalse(up());
    assertEquals(List.of(), alice.ike.list());
    assertEquals(6, alice.count("IKE_SA_INIT initiator refused"));
    assertSaid(alice, "only 5 redirects are allowed within 300 seconds");
    assertFalse(up());
    assertEquals(7, alice.count("IKE_SA_INIT initiator refused"));
    network.middlebox(List::of);
    time.pass(Duration.ofMinutes(5));
    answeringInit(THERE, Optional.empty());
    assertTrue(up());
  }

  @Test
  void aClientThatDoesNotGoElsewhereDoesNotSaySo() {
    alice.load(
        new ConnectionBuilder(hers())
            .options(hers().options().announcing(Extension.REDIRECT, false))
            .build());
    answeringInit(THERE, Optional.empty());
    assertFalse(up());
    assertFalse(message(network.seen().getFirst()).toString().contains("REDIR"));
    assertSaid(alice, "server sent REDIRECT even though we disabled it");
    assertEquals(List.of(), dave.ike.list());
  }

  // --- IKE_AUTH

  /// In bob's name, whose keys it is lent: `<-- HDR, SK {[IDr,] AUTH, N(REDIRECT, New_GW_ID)}`
  ///
  /// @param instead of an answer that has a payload of this type
  private void answeringAuth(Gateway gateway, Class<? extends Payload> instead) {
    List<IkeKeys> keys = new ArrayList<>();
    bob.keys.follow((spiI, spiR, lent) -> keys.add(lent));
    network.middlebox(
        d -> {
          boolean theirs = d.local().equals(Connections.BOB) && d.payload()[18] == Header.IKE_AUTH;
          return List.of(theirs ? redirecting(d, keys.getLast(), gateway, instead) : d);
        });
  }

  private static Datagram redirecting(
      Datagram d, IkeKeys keys, Gateway gateway, Class<? extends Payload> instead) {
    IkeCipher cipher = keys.cipher(Role.RESPONDER);
    try {
      Message message = cipher.open(d.payload()).read();
      if (message.payloads().stream().noneMatch(instead::isInstance)) {
        return d;
      }
      List<Payload> payloads = new ArrayList<>();
      message.payloads().stream()
          .filter(p -> p instanceof IdResponder || p instanceof Authentication)
          .forEach(payloads::add);
      payloads.add(Notify.of(NotifyType.REDIRECT, gateway.data()));
      byte[] sealed = cipher.seal(new Message(message.header(), payloads), new SeededRandom(99));
      return new Datagram(d.local(), d.localPort(), d.remote(), d.remotePort(), sealed);
    } catch (MalformedException | UnauthenticException e) {
      throw new AssertionError(e);
    }
  }

  /// RFC 5685 §6: the client deletes the IKE SA and goes.
  @Test
  void theAnswerToIkeAuthSendsTheClientElsewhere() {
    answeringAuth(THERE, SecurityAssociation.class);
    assertTrue(up());
    assertAtDave();
  }

  /// RFC 5685 §6: the first answer of those that EAP takes, or the last.
  @ParameterizedTest
  @ValueSource(classes = {IdResponder.class, SecurityAssociation.class})
  void anAnswerOfEapSendsTheClientElsewhere(Class<? extends Payload> instead) {
    Proof key = new Proof.SharedKey();
    List<EapType> methods = List.of(EapType.MSCHAPV2);
    EapIdentity carol = new EapIdentity.Named(Identities.octets("carol"));
    alice.load(
        new ConnectionBuilder(hers())
            .proofs(new Proofs(new Proof.Eap(methods, carol), key))
            .build());
    Proof asked = new Proof.Eap(methods, new EapIdentity.Asked());
    for (Host host : List.of(alice, bob, dave)) {
      host.passwords.put("carol", "secret");
    }
    bob.load(new ConnectionBuilder(his(Connections.BOB)).proofs(new Proofs(key, asked)).build());
    dave.load(new ConnectionBuilder(his(DAVE)).proofs(new Proofs(key, asked)).build());
    answeringAuth(THERE, instead);
    assertTrue(up());
    time.pass(Duration.ofSeconds(40));
    assertAtDave();
  }

  @Test
  void whoIsSentWhereItCannotGoHasNoIkeSaLeft() {
    answeringAuth(Gateway.parse("gw2.example"), SecurityAssociation.class);
    assertFalse(up());
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of(), bob.ike.list());
    assertEquals(0, bob.sas(Direction.INBOUND).size());
  }

  // --- INFORMATIONAL

  /// RFC 5685 §5: the client makes an IKE SA with the other gateway, with all of its Child SAs, and
  /// then deletes this one. There is no moment without an SA.
  @Test
  void aGatewaySendsAClientElsewhereThatIsThere() {
    Selector other =
        Selector.between(
            AddressRange.parse("2001:db8:a::1/128"), AddressRange.parse("2001:db8:b::1/128"));
    Selector back =
        Selector.between(
            AddressRange.parse("2001:db8:b::1/128"), AddressRange.parse("2001:db8:a::1/128"));
    alice.load(hers(), new Connections(hers()).named("second", 2).selectors(other).connection());
    for (Host host : List.of(bob, dave)) {
      Connection first = his(host == bob ? Connections.BOB : DAVE);
      host.load(first, new Connections(first).named("second", 2).selectors(back).connection());
    }
    assertTrue(up());
    alice.begin("second");
    time.pass(Duration.ofSeconds(2));
    assertProtected(2);
    assertEquals(1, alice.ike.list().size());
    CompletableFuture<Integer> asked = bob.ike.redirect(ikeSa -> true, THERE);
    for (int i = 0; i < 100; i++) {
      time.pass(Duration.ofMillis(50));
      assertTrue(alice.sas(Direction.OUTBOUND).size() >= 2);
    }
    assertEquals(1, asked.join());
    assertSaid(bob, "redirecting peer to " + DAVE);
    assertEquals(2, alice.sas(Direction.OUTBOUND).size());
    assertEquals(alice.spis(Direction.OUTBOUND), dave.spis(Direction.INBOUND));
    assertEquals(List.of(), bob.ike.list());
    assertSaid(dave, "client got redirected from " + Connections.BOB);
  }

  /// A gateway that is not there yet is asked until it is, or until the first one ends the IKE SA.
  @Test
  void aClientStaysUntilTheOtherGatewayHasIt() {
    assertTrue(up());
    dave.load();
    var _ = bob.ike.redirect(ikeSa -> true, THERE);
    time.pass(Duration.ofSeconds(10));
    assertProtected(1);
    dave.load(his(DAVE));
    time.pass(Duration.ofSeconds(60));
    assertAtDave();
  }

  /// RFC 7296 §2.18: the IKE SA may be rekeyed while the client is on its way.
  @Test
  void anIkeSaThatIsRekeyedMeanwhileIsClosedToo() {
    assertTrue(up());
    dave.load();
    var _ = bob.ike.redirect(ikeSa -> true, THERE);
    time.pass(Duration.ofSeconds(10));
    network.detach(DAVE);
    time.pass(Duration.ofSeconds(25));
    var _ = alice.ike.rekey(ikeSa -> true);
    time.pass(Duration.ofSeconds(2));
    network.attach(DAVE, dave.ike::receive);
    dave.load(his(DAVE));
    time.pass(Duration.ofSeconds(60));
    assertEquals(1, alice.ike.list().size());
    assertEquals(List.of(), bob.ike.list());
    assertEquals(alice.spis(Direction.OUTBOUND), dave.spis(Direction.INBOUND));
  }

  /// RFC 5685 §5: it is the client that goes.
  @Test
  void theClientCannotSendItsGatewayAway() {
    assertTrue(up());
    var _ = alice.ike.redirect(ikeSa -> true, THERE);
    time.pass(Duration.ofSeconds(5));
    assertSaid(alice, "unable to redirect IKE_SA as initiator");
    assertProtected(1);
  }

  @Test
  void aClientThatCannotGoElsewhereStays() {
    alice.load(
        new ConnectionBuilder(hers())
            .options(hers().options().announcing(Extension.REDIRECT, false))
            .build());
    assertTrue(up());
    var _ = bob.ike.redirect(ikeSa -> true, THERE);
    time.pass(Duration.ofSeconds(5));
    assertSaid(bob, "client does not support IKE redirection");
    assertProtected(1);
  }
}
