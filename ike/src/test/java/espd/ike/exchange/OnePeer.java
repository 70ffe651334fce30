package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Credentials;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.KeyInputs;
import espd.ike.crypto.Prf;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.message.VendorId;
import espd.spd.AddressRange;
import espd.spd.Encryption;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.Selector;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An IKE SA with a peer that may say anything: the state machine alone, without network and SAD.
class OnePeer {

  static final Ipv6Address US = Ipv6Address.parse("2001:db8::1");
  static final Ipv6Address PEER = Ipv6Address.parse("2001:db8::2");
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  static final int MOST_CHILD_SAS = 3;

  final SecureRandom random = new SecureRandom();
  final IkeMachine machine = new IkeMachine(new Alone());
  IkeKeys keys = fresh();

  static IkeKeys fresh() {
    return IkeKeys.derive(
        new IkeSuite(
            Encryption.AES_GCM_16,
            128,
            Integrity.NONE,
            Prf.HMAC_SHA2_256,
            KeyExchangeMethod.CURVE_25519),
        new KeyInputs(Bytes.of(new byte[32]), Bytes.of(new byte[32]), 1, 2),
        KeyMaterial.copyOf(new byte[32]));
  }

  /// Surroundings with one connection and no SAD.
  final class Alone implements QuietSurroundings {
    private int spi = 1000;

    @Override
    public SecureRandom random() {
      return random;
    }

    @Override
    public int reserveSpi() {
      return spi++;
    }

    @Override
    public int nextIkeSerial() {
      return 1;
    }

    @Override
    public int nextChildSerial() {
      return 1;
    }

    @Override
    public Credentials credentials() {
      return (local, remote) -> Optional.empty();
    }

    @Override
    public List<Connection> connections() {
      return List.of(configured());
    }

    @Override
    public int mostChildSas() {
      return MOST_CHILD_SAS;
    }
  }

  /// {@return the connection of the machine}
  Connection configured() {
    return connection();
  }

  static Connection connection() {
    return new ConnectionBuilder("net", US)
        .remote(Optional.of(PEER))
        .remoteId(Optional.of(Identity.of(PEER)))
        .ikeProposals(
            List.of(
                proposal(
                    Proposal.IKE,
                    Transform.encr(20, 128),
                    Transform.of(Transform.PRF, 5),
                    Transform.of(Transform.DH, 31))))
        .espProposals(
            List.of(
                proposal(Proposal.ESP, Transform.encr(20, 128), Transform.of(Transform.ESN, 0))))
        .selectors(List.of(Selector.between(AddressRange.of(US), AddressRange.of(PEER))))
        .outerTraffic(new OuterTraffic(1400, 7, false, true))
        .build();
  }

  static Proposal proposal(int protocol, Transform... transforms) {
    return new Proposal(1, protocol, Bytes.EMPTY, List.of(transforms));
  }

  /// Established as responder; the peer's next request has message id 2.
  Established established() {
    keys = fresh();
    Path path = Path.between(US, PEER);
    IkeSa ikeSa =
        new IkeSa(Role.RESPONDER, 1, 1, 2, keys, path, new Nat(false, false), false, Set.of());
    MessageWindow window = MessageWindow.fresh().answered(List.of(Bytes.EMPTY)).answered(List.of());
    Peer peer = new Peer(connection(), Identity.of(US), Identity.of(PEER));
    return new Established(
        ikeSa,
        peer,
        window,
        List.of(),
        Established.Work.NONE,
        new Established.Timers(
            NOW, Optional.empty(), Optional.empty(), Optional.empty(), NOW, NOW, List.of()),
        Optional.empty());
  }

  /// Has the peer say something on a fresh IKE SA.
  Step says(int exchange, Payload... payloads) {
    return says(established(), exchange, payloads);
  }

  /// Has the peer send its next request.
  Step says(Established state, int exchange, Payload... payloads) {
    Header header = new Header(1, 2, exchange, Header.INITIATOR, state.window().expectedId());
    return hears(state, new Message(header, List.of(payloads)));
  }

  /// Has a message of the peer arrive.
  Step hears(Established state, Message message) {
    return machine.step(state, received(NOW, sealed(state, message)));
  }

  /// {@return what the peer sends}
  byte[] sealed(Established state, Message message) {
    return state.ikeSa().keys().cipher(Role.INITIATOR).seal(message, random);
  }

  static Event received(Instant now, byte[] octets) {
    return new Event.Received(now, new Datagram(US, 500, PEER, 500, octets));
  }

  /// {@return what the peer offers for a Child SA}
  static ChildProposal childProposal(int spi, ChildProposal.Padding padding) {
    Connection c = connection();
    var selectors = TrafficSelection.offer(c, Optional.empty());
    return new ChildProposal(
        Proposal.numbered(c.espProposals(), Bytes.ofInt(spi)),
        TrafficSelection.remoteEnds(selectors),
        TrafficSelection.localEnds(selectors),
        Mode.TUNNEL,
        padding,
        Optional.empty());
  }

  static List<Payload> answer(Step step) throws Exception {
    for (Action action : step.actions()) {
      if (action instanceof Action.Send(Datagram datagram)) {
        return fresh().cipher(Role.RESPONDER).open(datagram.payload()).read().payloads();
      }
    }
    return List.of(new VendorId(Bytes.EMPTY));
  }

  static int type(List<Payload> payloads) {
    return assertInstanceOf(Notify.class, payloads.getFirst()).type();
  }
}
