package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.Role;
import espd.ike.exchange.FaceToFace.End;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.Message;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A responder that always wants another method (RFC 7296 §1.2, §1.3, §2.7): it is followed a few
/// times, not for ever.
final class InvalidKeTest {

  private static final int X25519 = 31;
  private static final int P256 = 19;

  private static Connection connection(boolean alice) {
    Connection usual = IkeIntermediateTest.connection(alice);
    return new ConnectionBuilder(usual)
        .ikeProposals(List.of(both(usual.ikeProposals().getFirst())))
        .espProposals(List.of(both(usual.espProposals().getFirst())))
        .build();
  }

  private static Proposal both(Proposal proposal) {
    List<Transform> transforms =
        new ArrayList<>(
            proposal.transforms().stream().filter(t -> t.type() != Transform.DH).toList());
    transforms.add(Transform.of(Transform.DH, X25519));
    transforms.add(Transform.of(Transform.DH, P256));
    return proposal.withTransforms(transforms);
  }

  private static int method(List<Payload> payloads) {
    return payloads.stream()
        .filter(KeyExchange.class::isInstance)
        .map(p -> ((KeyExchange) p).method())
        .findFirst()
        .orElseThrow();
  }

  private static Datagram answer(Datagram to, byte[] octets) {
    return new Datagram(
        /* local= */ to.remote(),
        /* localPort= */ to.remotePort(),
        /* remote= */ to.local(),
        /* remotePort= */ to.localPort(),
        octets);
  }

  private static int other(int method) {
    return method == X25519 ? P256 : X25519;
  }

  @Test
  void ikeSaInitIsBegunAnewAFewTimes() throws Exception {
    FaceToFace hosts = new FaceToFace(connection(true), connection(false)).begun();
    End alice = hosts.initiator;
    int requests = 0;
    alice.compute();
    while (!alice.sent.isEmpty()) {
      Datagram request = alice.sent.remove();
      requests++;
      Message message = Message.read(request.payload());
      Message refusal =
          IkeSaInit.refuse(
              message.header(), IkeSaInit.wantGroup(other(method(message.payloads()))));
      alice.takes(answer(request, refusal.write()));
      alice.compute();
    }
    assertEquals(1 + Attempt.MAX_RESTARTS, requests);
    assertTrue(alice.state.isClosed());
  }

  /// RFC 7296 §2.1, §2.7: the refusal of a copy of the first request comes when the request with
  /// the wanted group is on its way.
  @Test
  void aRefusalThatComesTwiceIsFollowedOnce() throws Exception {
    FaceToFace hosts = new FaceToFace(connection(true), withP256()).begun();
    End alice = hosts.initiator;
    alice.compute();
    Datagram request = alice.sent.remove();
    Message refusal = IkeSaInit.refuse(Header.read(request.payload()), IkeSaInit.wantGroup(P256));
    for (int copies = 2; copies > 0; copies--) {
      alice.takes(answer(request, refusal.write()));
      alice.compute();
    }
    hosts.quiet();
    assertInstanceOf(Established.class, alice.state);
  }

  private static Connection withP256() {
    Connection both = connection(false);
    List<Transform> transforms =
        both.ikeProposals().getFirst().transforms().stream()
            .filter(t -> !t.equals(Transform.of(Transform.DH, X25519)))
            .toList();
    return new ConnectionBuilder(both)
        .ikeProposals(List.of(both.ikeProposals().getFirst().withTransforms(transforms)))
        .build();
  }

  /// Refuses what `alice` asks in CREATE_CHILD_SA, until she has nothing more to ask.
  ///
  /// @return the methods that she tried
  private static List<Integer> refusing(FaceToFace hosts) throws Exception {
    End alice = hosts.initiator;
    List<Integer> tried = new ArrayList<>();
    alice.compute();
    while (!alice.sent.isEmpty()) {
      Datagram request = alice.sent.remove();
      IkeSa ikeSa = ((Established) alice.state).ikeSa();
      Message message = ikeSa.keys().cipher(Role.INITIATOR).open(request.payload()).read();
      tried.add(method(message.payloads()));
      Header header =
          new Header(
              ikeSa.spiI(),
              ikeSa.spiR(),
              Header.CREATE_CHILD_SA,
              Header.RESPONSE,
              message.header().messageId());
      IkeKeys keys = ikeSa.keys();
      byte[] refusal =
          keys.cipher(Role.RESPONDER)
              .seal(
                  new Message(header, List.of(IkeSaInit.wantGroup(other(tried.getLast())))),
                  hosts.random);
      alice.takes(answer(request, refusal));
      alice.compute();
    }
    return tried;
  }

  private static FaceToFace established() throws Exception {
    FaceToFace hosts = new FaceToFace(connection(true), connection(false)).begun().quiet();
    assertInstanceOf(Established.class, hosts.initiator.state);
    return hosts;
  }

  @Test
  void aChildSaIsRekeyedWithAnotherMethodOnce() throws Exception {
    FaceToFace hosts = established();
    int spi = ((Established) hosts.initiator.state).children().getFirst().inbound().spi();
    hosts.initiator.happens(Event.Expired.soft(hosts.now, spi));
    assertEquals(List.of(X25519, P256), refusing(hosts));
    assertWaits(hosts, Task.RekeyChild.class);
  }

  @Test
  void theIkeSaIsRekeyedWithAnotherMethodOnce() throws Exception {
    FaceToFace hosts = established();
    hosts.initiator.happens(new Event.RekeyWanted(hosts.now));
    assertEquals(List.of(X25519, P256), refusing(hosts));
    assertWaits(hosts, Task.RekeyIke.class);
  }

  /// It is tried again, but not at once.
  private static void assertWaits(FaceToFace hosts, Class<? extends Task> what) {
    Established s = (Established) hosts.initiator.state;
    Task task = s.work().queue().getFirst();
    assertInstanceOf(what, task);
    assertTrue(task.notBefore().isAfter(hosts.now.plusSeconds(4)));
  }

  /// RFC 7296 §1.3.2: a method that the peer wants and that is allowed is used.
  @Test
  void theIkeSaIsRekeyedWithTheMethodThatThePeerWants() throws Exception {
    Connection usual = connection(false);
    FaceToFace hosts = new FaceToFace(connection(true), usual).begun().quiet();
    Transform p256 = Transform.of(Transform.DH, P256);
    List<Transform> wanted =
        usual.ikeProposals().getFirst().transforms().stream()
            .filter(t -> t.type() != Transform.DH || t.equals(p256))
            .toList();
    Connection only =
        new ConnectionBuilder(usual)
            .ikeProposals(List.of(new Proposal(1, Proposal.IKE, Bytes.EMPTY, wanted)))
            .build();
    Established before = (Established) hosts.responder.state;
    hosts.responder.state =
        new Established(
            before.ikeSa(),
            new Peer(only, before.peer().local(), before.peer().remote()),
            before.window(),
            before.children(),
            before.work(),
            before.timers(),
            before.successor());
    hosts.initiator.happens(new Event.RekeyWanted(hosts.now));
    hosts.quiet();
    assertEquals(
        "AES_GCM_16_256/PRF_HMAC_SHA2_384/ECP_256",
        hosts.initiator.successors.getFirst().ikeSa().keys().suite().toString());
  }
}
