package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.Role;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Delete;
import espd.ike.message.Header;
import espd.ike.message.IdInitiator;
import espd.ike.message.KeyExchange;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.Unknown;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Messages under the right keys by which IKE daemons have been brought down, a row for each class
/// of such faults, before and after the peer has proven itself (RFC 7296 §1.4, §2.2, §2.3, §2.21,
/// §2.25).
final class HostilePeerTest extends OnePeer {

  private static final String SYNTAX = "answers [ N(INVAL_SYN) ], Departed";
  private static final String NOTHING = "answers [  ], Established";
  private static final String OUTSIDE = "drops what is outside of the message window";
  private static final String NO_PROP = "answers [ N(NO_PROP) ], Established";

  /// @param name the class of faults
  /// @param outcome what comes of it
  /// @param id of the message, counted from the one that is due
  record Row(String name, String outcome, int exchange, int flags, int id, List<Payload> payloads) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row auth(String name, String outcome, Payload... payloads) {
    return new Row(name, outcome, Header.IKE_AUTH, Header.INITIATOR, 0, List.of(payloads));
  }

  private static Row create(String name, String outcome, Payload... payloads) {
    return new Row(name, outcome, Header.CREATE_CHILD_SA, Header.INITIATOR, 0, List.of(payloads));
  }

  private static Row informs(String name, String outcome, Payload... payloads) {
    return new Row(name, outcome, Header.INFORMATIONAL, Header.INITIATOR, 0, List.of(payloads));
  }

  private static Row moved(String name, String outcome, int flags, int id) {
    return new Row(name, outcome, Header.INFORMATIONAL, flags, id, List.of());
  }

  private static final Payload IDI = new IdInitiator(2, Bytes.of((byte) 'x'));
  private static final Payload AUTH =
      new Authentication(Authentication.SHARED_KEY, Bytes.of(new byte[32]));
  private static final Nonce NONCE = new Nonce(Bytes.of(new byte[32]));

  private static Stream<Row> beforeItsProof() {
    return Stream.concat(firstProofs(), misplacedProofs());
  }

  private static Stream<Row> misplacedProofs() {
    return Stream.of(
        moved(
            "message id of IKE_SA_INIT",
            "drops another IKE_SA_INIT request of the same SPI",
            Header.INITIATOR,
            -1),
        moved(
            "flag of a response",
            "drops a message that nobody waits for",
            Header.INITIATOR | Header.RESPONSE,
            0));
  }

  private static Stream<Row> firstProofs() {
    String failed = "answers [ N(AUTH_FAILED) ], Departed";
    List<Payload> child = child(Optional.empty(), 4711);
    return Stream.of(
        auth("IKE_AUTH without payloads", SYNTAX),
        auth("IDi withheld", SYNTAX, AUTH),
        auth("SA withheld beside TSi", failed, IDI, AUTH, raw(44, "00000000")),
        auth("IDi doubled", SYNTAX, IDI, IDI, AUTH),
        auth("AUTH doubled", SYNTAX, IDI, AUTH, AUTH),
        auth("a proof that is none", failed, IDI, AUTH),
        auth("AUTH of method 0", failed, IDI, raw(39, "00000000" + "00".repeat(32))),
        auth("AUTH of method 255", failed, IDI, raw(39, "ff000000" + "00".repeat(32))),
        auth("AUTH of nothing", failed, IDI, raw(39, "02000000")),
        auth("AUTH of 60000 octets", failed, IDI, raw(39, "02000000" + "00".repeat(60_000))),
        auth("IDi of reserved type 0", failed, raw(35, "0000000078"), AUTH),
        auth("IDi of type 255", failed, raw(35, "ff00000078"), AUTH),
        auth("IDi of nothing", failed, raw(35, "02000000"), AUTH),
        auth("IDi of one octet", SYNTAX, raw(35, "02"), AUTH),
        auth("IDi of an IPv6 address that is none", failed, raw(35, "0500000078"), AUTH),
        create("CREATE_CHILD_SA before IKE_AUTH", SYNTAX, child.toArray(Payload[]::new)),
        create(
            "rekeying what is not established",
            SYNTAX,
            new SecurityAssociation(ike(Bytes.ofLong(5))),
            NONCE,
            ke()),
        informs("deletion before IKE_AUTH", SYNTAX, Delete.ikeSa()),
        informs("INITIAL_CONTACT before IKE_AUTH", SYNTAX, Notify.of(NotifyType.INITIAL_CONTACT)),
        moved("message id one too high", OUTSIDE, Header.INITIATOR, 1),
        moved("message id of another sign", OUTSIDE, Header.INITIATOR, Integer.MIN_VALUE));
  }

  private static Stream<Row> afterItsProof() {
    return Stream.of(
            madeOf(Header.CREATE_CHILD_SA),
            List.of(
                auth("a second IKE_AUTH", SYNTAX, IDI, AUTH),
                new Row("IKE_SA_INIT under keys", SYNTAX, Header.IKE_SA_INIT, 8, 0, List.of(NONCE)),
                new Row("an exchange nobody knows", SYNTAX, 240, 8, 0, List.of()),
                informs("deleting what is not ours", NOTHING, Delete.esp(1, 2, 3, 0)),
                informs("deleting more than there can be", SYNTAX, raw(42, "0304ffff")),
                informs("deleting of protocol 0", NOTHING, raw(42, "00040001c0ffee00")),
                informs(
                    "deleting SPIs of 255 octets", SYNTAX, raw(42, "03ff0001" + "00".repeat(255))),
                informs("IKE SA deleted with an SPI", SYNTAX, raw(42, "01080001" + "00".repeat(8))),
                informs(
                    "deletion, then a notification",
                    "answers [  ], Departed",
                    Delete.ikeSa(),
                    Notify.of(NotifyType.INVALID_SYNTAX)),
                informs(
                    "deletion of the Child SA and the IKE SA",
                    "answers [  ], Departed",
                    Delete.esp(1),
                    Delete.ikeSa(),
                    Delete.ikeSa()),
                informs(
                    "notification of 60000 octets",
                    NOTHING,
                    Notify.of(40_000, Bytes.of(new byte[60_000]))),
                informs("notification with an SPI of 255", SYNTAX, raw(41, "03ff4009")),
                informs(
                    "SET_WINDOW_SIZE",
                    NOTHING,
                    Notify.of(NotifyType.SET_WINDOW_SIZE, Bytes.ofInt(1 << 30))),
                informs(
                    "SET_WINDOW_SIZE of nothing", NOTHING, Notify.of(NotifyType.SET_WINDOW_SIZE)),
                informs("answer to nothing: EAP", NOTHING, raw(48, "0201000401"))),
            misplaced())
        .flatMap(List::stream);
  }

  private static List<Row> misplaced() {
    return List.of(
        moved("message id one too high", OUTSIDE, Header.INITIATOR, 1),
        moved("message id of another sign", OUTSIDE, Header.INITIATOR, Integer.MIN_VALUE),
        moved(
            "response nobody asked for",
            "drops a message that nobody waits for",
            Header.INITIATOR | Header.RESPONSE,
            0));
  }

  private static List<Row> madeOf(int exchange) {
    List<Payload> child = child(Optional.empty(), 4711);
    List<Row> rows = new ArrayList<>();
    for (Payload without : child) {
      if (!(without instanceof Notify)) {
        List<Payload> rest = new ArrayList<>(child);
        rest.remove(without);
        rows.add(
            new Row(without.label() + " withheld", SYNTAX, exchange, Header.INITIATOR, 0, rest));
      }
    }
    rows.add(create("SPI 0 of a Child SA", NO_PROP, child(Optional.empty(), 0)));
    rows.add(create("reserved SPI 255 of a Child SA", NO_PROP, child(Optional.empty(), 255)));
    rows.add(
        create(
            "rekeying SPI 0",
            "answers [ N(NO_CHILD_SA) ], Established",
            child(Optional.of(0), 4711)));
    rows.add(create("SPI 0 of the IKE SA", NO_PROP, rekey(Bytes.ofLong(0), ke())));
    rows.add(create("SPI of 7 octets of the IKE SA", NO_PROP, rekey(Bytes.of(new byte[7]), ke())));
    rows.add(create("no SPI of the IKE SA", NO_PROP, rekey(Bytes.EMPTY, ke())));
    rows.add(
        create(
            "KE of all zeros",
            "answers [ N(INVAL_SYN) ], Established",
            rekey(Bytes.ofLong(5), new KeyExchange(31, Bytes.of(new byte[32])))));
    rows.add(
        create(
            "KE of nothing",
            "answers [ N(INVAL_SYN) ], Established",
            rekey(Bytes.ofLong(5), new KeyExchange(31, Bytes.EMPTY))));
    rows.add(
        create(
            "KE of another group",
            "answers [ N(INVAL_KE) ], Established",
            rekey(Bytes.ofLong(5), new KeyExchange(14, Bytes.of(new byte[256])))));
    rows.add(create("CREATE_CHILD_SA of nothing", SYNTAX));
    return rows;
  }

  private static Row create(String name, String outcome, List<Payload> payloads) {
    return create(name, outcome, payloads.toArray(Payload[]::new));
  }

  private static List<Payload> rekey(Bytes spi, KeyExchange ke) {
    return CreateChildSa.ike(ike(spi), NONCE.data(), ke);
  }

  private static List<Payload> child(Optional<Integer> replaced, int spi) {
    return CreateChildSa.child(
        replaced, childProposal(spi, ChildProposal.Padding.TAKEN), NONCE.data(), Optional.empty());
  }

  private static List<Proposal> ike(Bytes spi) {
    return Proposal.numbered(connection().ikeProposals(), spi);
  }

  private static KeyExchange ke() {
    try (EphemeralKeyPair key = KeyExchangeMethod.CURVE_25519.generate(new SecureRandom())) {
      return new KeyExchange(31, key.publicValue());
    }
  }

  private static Payload raw(int type, String hex) {
    return new Unknown(type, false, Bytes.ofHex(hex));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("beforeItsProof")
  void isBorneBeforeItsProof(Row row) throws Exception {
    Connecting.InitAnswered state = halfOpen();
    assertEquals(row.outcome(), outcome(state, state.ikeSa(), 1, row));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("afterItsProof")
  void isBorneAfterItsProof(Row row) throws Exception {
    Established state = established();
    assertEquals(row.outcome(), outcome(state, state.ikeSa(), 2, row));
  }

  /// A responder that has answered the peer's IKE_SA_INIT request.
  private Connecting.InitAnswered halfOpen() throws Exception {
    Message init =
        new Message(
            new Header(7, 0, Header.IKE_SA_INIT, Header.INITIATOR, 0),
            List.of(new SecurityAssociation(connection().ikeProposals()), ke(), NONCE));
    byte[] octets = init.write();
    Step step = machine.respond(NOW, new Datagram(US, 500, PEER, 500, octets), init);
    return assertInstanceOf(Connecting.InitAnswered.class, computed(step).next());
  }

  private Step computed(Step step) {
    for (Action action : step.actions()) {
      if (action instanceof Action.Compute(Computation computation)) {
        return machine.step(step.next(), new Event.Computed(NOW, computation.run(random)));
      }
    }
    return step;
  }

  private String outcome(IkeSaState state, IkeSa ikeSa, int due, Row row) throws Exception {
    Header header =
        new Header(ikeSa.spiI(), ikeSa.spiR(), row.exchange(), row.flags(), due + row.id());
    byte[] octets =
        ikeSa.keys().cipher(Role.INITIATOR).seal(new Message(header, row.payloads()), random);
    Step step = computed(machine.step(state, received(NOW, octets)));
    List<String> lines = new ArrayList<>();
    for (Action action : step.actions()) {
      switch (action) {
        case Action.Send send -> lines.add("answers " + generated(step));
        case Action.Tell(Report.Dropped(DropReason reason)) -> {
          assertEquals(state, step.next(), "what is dropped changes nothing");
          String why = reason.sentence();
          return "drops " + (why.startsWith("outside") ? "what is " : "") + why;
        }
        default -> {}
      }
    }
    return String.join(", ", lines) + ", " + step.next().getClass().getSimpleName();
  }

  /// What the answer says, as the log has it: its keys may be wiped.
  private static String generated(Step step) {
    for (Action action : step.actions()) {
      if (action instanceof Action.Tell(Report.Progress(String name, String line))
          && line.startsWith("generating ")) {
        return line.substring(line.indexOf('['));
      }
    }
    return "nothing";
  }

  /// RFC 7296 §2.14: each direction has its own keys, so our own message is no message of the
  /// peer's, whichever flags it is given.
  @Test
  void ourOwnMessagesComeBackInVain() {
    Established s = established();
    Step asked = machine.step(s, new Event.RekeyWanted(NOW));
    Step sent = computed(asked);
    byte[] ours =
        sent.actions().stream()
            .filter(Action.Send.class::isInstance)
            .map(action -> ((Action.Send) action).datagram().payload())
            .findFirst()
            .orElseThrow();
    for (int flags = 0; flags < 256; flags++) {
      byte[] reflected = ours.clone();
      reflected[19] = (byte) flags;
      Step step = machine.step(sent.next(), received(NOW, reflected));
      assertEquals(sent.next(), step.next(), "flags " + flags);
    }
  }

  /// RFC 7296 §3.2: any body in a payload of any type, in any exchange.
  @Test
  void anyBodyOfAnyTypeIsBorne() throws Exception {
    Bytes[] bodies = {
      Bytes.EMPTY,
      Bytes.of((byte) 0),
      Bytes.of((byte) 0xff),
      Bytes.of(new byte[4]),
      Bytes.ofHex("ffffffff"),
      Bytes.ofHex("ff".repeat(24)),
      Bytes.of(new byte[24]),
      Bytes.of(new byte[4000])
    };
    int[] exchanges = {Header.IKE_SA_INIT, 35, 36, 37, 43, 44, 0, 255};
    for (int type = 1; type < 256; type++) {
      for (Bytes body : bodies) {
        for (int exchange : exchanges) {
          computed(says(exchange, new Unknown(type, type % 2 == 0, body)));
        }
      }
    }
  }
}
