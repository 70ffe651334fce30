package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Datagram;
import espd.ike.IkeOptions.Childless;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.TrafficSelector;
import espd.ike.message.TrafficSelectorsInitiator;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Responders that grant less than what is asked for (RFC 7296 §2.9): and would grant more in
/// another Child SA, or never grant more than one pair of addresses.
final class NarrowingTest extends TwoHosts {

  private static final Selector NETS = between("2001:db8:a::/64", "2001:db8:b::/64");
  private static final Selector NETS_MIRRORED = between("2001:db8:b::/64", "2001:db8:a::/64");
  private static final Selector MORE = between("2001:db8:c::/64", "2001:db8:d::/64");
  private static final Selector MORE_MIRRORED = between("2001:db8:d::/64", "2001:db8:c::/64");

  private Transcript transcript;

  private static Selector between(String local, String remote) {
    return Selector.between(AddressRange.parse(local), AddressRange.parse(remote));
  }

  @BeforeEach
  void listen() {
    transcript = new Transcript(alice, bob);
    network.middlebox(
        d -> {
          note(d);
          return List.of(d);
        });
  }

  private void note(Datagram d) {
    transcript.note(d.local().equals(Connections.ALICE) ? "-->" : "<--", d);
  }

  // --- ADDITIONAL_TS_POSSIBLE --------------------------------------------------------------------

  /// The first connection that fits is granted, and the notification says that there is another.
  @Test
  void aResponderThatWouldGrantMoreSaysSo() {
    alice.load(Connections.alice().selectors(NETS, MORE).connection());
    bob.load(
        Connections.bob().selectors(NETS_MIRRORED).connection(),
        Connections.bob().named("more", 2).selectors(MORE_MIRRORED).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertProtected(1);
    assertEquals(List.of(NETS), alice.sas(Direction.OUTBOUND).getFirst().parameters().selectors());
    assertTrue(
        transcript.text().endsWith("[ IDr AUTH SA TSi TSr N(ADD_TS_POSS) N(MOBIKE_SUP) ]"),
        transcript::text);
    assertTrue(
        alice.said.stream().anyMatch(l -> l.contains("others need a CHILD_SA of their own")),
        alice.said::toString);
  }

  @Test
  void aResponderThatGrantsAllItHasDoesNot() {
    alice.load(Connections.alice().selectors(NETS, MORE).connection());
    bob.load(
        Connections.bob().selectors(NETS_MIRRORED).connection(),
        Connections.bob()
            .named("more", 2)
            .selectors(between("2001:db8:e::/64", "::/0"))
            .connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertProtected(1);
    assertFalse(transcript.text().contains("ADD_TS_POSS"), transcript::text);
  }

  // --- SINGLE_PAIR_REQUIRED ----------------------------------------------------------------------

  /// Puts something before Bob that refuses whatever is asked for more than a pair of addresses:
  /// Bob sees an empty request in its place, so that the message ids stay in step.
  private void bobTakesOnePairAtATime() {
    StrictGate gate = new StrictGate();
    alice.keys.follow((spiI, spiR, lent) -> gate.keys = Optional.of(lent));
    network.middlebox(
        d -> {
          if (d.local().equals(Connections.ALICE)) {
            note(d);
            return List.of(gate.inwards(d));
          }
          Datagram out = gate.outwards(d);
          note(out);
          return List.of(out);
        });
  }

  private static final class StrictGate {
    private final Set<Integer> refused = new HashSet<>();
    private Optional<IkeKeys> keys = Optional.empty();

    Datagram inwards(Datagram d) {
      Optional<Message> request = opened(d, Header.CREATE_CHILD_SA, Role.INITIATOR);
      boolean wide =
          request.stream()
              .flatMap(message -> message.payloads().stream())
              .filter(TrafficSelectorsInitiator.class::isInstance)
              .flatMap(payload -> ((TrafficSelectorsInitiator) payload).selectors().stream())
              .anyMatch(StrictGate::isWide);
      if (!wide) {
        return d;
      }
      Header header = request.orElseThrow().header();
      refused.add(header.messageId());
      return sealed(d, header, Header.INFORMATIONAL, Role.INITIATOR);
    }

    Datagram outwards(Datagram d) {
      Optional<Message> response = opened(d, Header.INFORMATIONAL, Role.RESPONDER);
      boolean stands = response.filter(m -> refused.contains(m.header().messageId())).isPresent();
      return stands
          ? sealed(
              d,
              response.orElseThrow().header(),
              Header.CREATE_CHILD_SA,
              Role.RESPONDER,
              Notify.of(NotifyType.SINGLE_PAIR_REQUIRED))
          : d;
    }

    private static boolean isWide(TrafficSelector ts) {
      return !ts.start().equals(ts.end());
    }

    private Optional<Message> opened(Datagram d, int exchange, Role sender) {
      try {
        return Header.read(d.payload()).exchange() == exchange
            ? Optional.of(keys.orElseThrow().cipher(sender).open(d.payload()).read())
            : Optional.empty();
      } catch (MalformedException | UnauthenticException e) {
        throw new AssertionError(e);
      }
    }

    private Datagram sealed(
        Datagram d, Header like, int exchange, Role sender, Payload... payloads) {
      Header header =
          new Header(like.spiI(), like.spiR(), exchange, like.flags(), like.messageId());
      byte[] octets =
          keys.orElseThrow()
              .cipher(sender)
              .seal(new Message(header, List.of(payloads)), new SeededRandom(1));
      return new Datagram(d.local(), d.localPort(), d.remote(), d.remotePort(), octets);
    }
  }

  private void strict() {
    bobTakesOnePairAtATime();
    var options = Connections.alice().connection().options().childless(Childless.PREFER);
    alice.load(Connections.alice().selectors(NETS).with(c -> c.options(options)).connection());
    bob.load(Connections.bob().selectors(NETS_MIRRORED).connection());
    time.pass(Duration.ofSeconds(1));
  }

  private final class Traffic {
    private final SpdEntry policy =
        alice.sadb.add(
            new Policy(
                "net",
                Direction.OUTBOUND,
                NETS,
                0,
                new Processing.Protect(Mode.TUNNEL, Connections.ALICE, Connections.BOB, 1)));

    void ping(String from, String to) {
      Ipv6Address local = Ipv6Address.parse(from);
      Ipv6Address remote = Ipv6Address.parse(to);
      Flow flow = new Flow();
      flow.localHigh = local.high();
      flow.localLow = local.low();
      flow.remoteHigh = remote.high();
      flow.remoteLow = remote.low();
      flow.protocol = Selector.ICMPV6;
      flow.localPort = 128 << 8;
      flow.remotePort = flow.localPort;
      alice.sadb.acquire(policy, flow);
      time.pass(Duration.ofSeconds(2));
    }
  }

  private static Selector pair(int local, int remote) {
    return between("2001:db8:a::" + local + "/128", "2001:db8:b::" + remote + "/128");
  }

  private List<Selector> pairs() {
    return alice.sas(Direction.OUTBOUND).stream()
        .flatMap(sa -> sa.parameters().selectors().stream())
        .toList();
  }

  /// The pair is that of the packet that asked; a packet of another pair gets another Child SA, for
  /// which no more is asked from the beginning.
  @Test
  void eachPairOfAddressesGetsAChildSa() {
    strict();
    Traffic traffic = new Traffic();
    traffic.ping("2001:db8:a::1", "2001:db8:b::1");
    assertEquals(List.of(pair(1, 1)), pairs());
    traffic.ping("2001:db8:a::1", "2001:db8:b::2");
    assertEquals(
        """
        --> [1] CREATE_CHILD_SA request 2 [ SA No TSi TSr ]
        <-- [1] CREATE_CHILD_SA response 2 [ N(SINGLE_PAIR) ]
        --> [1] CREATE_CHILD_SA request 3 [ SA No TSi TSr ]
        <-- [1] CREATE_CHILD_SA response 3 [ SA No TSi TSr ]
        --> [1] CREATE_CHILD_SA request 4 [ SA No TSi TSr ]
        <-- [1] CREATE_CHILD_SA response 4 [ SA No TSi TSr ]
        """
            .strip(),
        transcript.text().lines().skip(4).reduce((a, b) -> a + "\n" + b).orElse(""));
    assertProtected(2);
    assertTrue(pairs().containsAll(List.of(pair(1, 1), pair(1, 2))), pairs()::toString);
    traffic.ping("2001:db8:a::1", "2001:db8:b::1");
    assertProtected(2);
  }

  /// A successor is for the pair of the one before.
  @Test
  void eachIsReplacedByOneOfTheSamePair() {
    strict();
    Traffic traffic = new Traffic();
    traffic.ping("2001:db8:a::1", "2001:db8:b::1");
    List<Integer> before = alice.spis(Direction.OUTBOUND);
    var _ = alice.ike.rekey((ikeSa, child) -> true);
    time.pass(Duration.ofSeconds(5));
    assertProtected(1);
    assertFalse(alice.spis(Direction.OUTBOUND).equals(before));
    assertEquals(List.of(pair(1, 1)), pairs());
  }

  /// Who asks by hand has no packet, and so no pair; it is told why nothing came of it.
  @Test
  void withoutAPacketThereIsNoPairToAskFor() {
    strict();
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertFalse(outcome.join().succeeded());
    assertTrue(
        alice.lines.toString().contains("the peer wants a pair of addresses at a time"),
        alice.lines::toString);
    assertProtected(0);
  }
}
