package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Credentials;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Sa;
import espd.spd.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Two state machines in a storm: the input chooses which message arrives, late, twice, changed or
/// forged under the right keys, what the clock and the computations bring, and what is wanted. A
/// target for Jazzer, which calls [#fuzzerTestOneInput], and for [StepFuzzTest].
///
/// No step may throw, nothing may grow without bound, and when all IKE SAs are forgotten, no SPI
/// may be left behind.
public final class StepFuzz {

  private static final int MOST_EVENTS = 200;
  private static final int MOST_CHILD_SAS = 4;
  private static final int MOST_STATES = 64;
  private static final Ipv6Address ALICE = Ipv6Address.parse("2001:db8::1");
  private static final Ipv6Address BOB = Ipv6Address.parse("2001:db8::2");

  private final Choices choices;
  private final SecureRandom random;
  private final End alice = new End(ALICE, BOB);
  private final End bob = new End(BOB, ALICE);
  private final List<Datagram> onTheirWay = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private StepFuzz(byte[] data) {
    this.choices = new Choices(data);
    this.random = new Repeatable(data.length);
  }

  /// Plays one storm.
  ///
  /// @param data what happens
  /// @throws IllegalStateException when something is left behind or grows
  public static void fuzzerTestOneInput(byte[] data) {
    new StepFuzz(data).play();
  }

  private void play() {
    alice.perform(alice.machine.initiate(now, new ChildWish(alice.connection, Optional.empty())));
    for (int i = 0; i < MOST_EVENTS && choices.isLeft(); i++) {
      happen(choices.next(2) == 0 ? alice : bob);
    }
    alice.forget();
    bob.forget();
  }

  /// The usual course comes about as often as everything else together.
  private void happen(End end) {
    now = now.plusMillis(choices.next(50));
    switch (choices.next(24)) {
      case 0, 1, 2, 3, 4, 5, 6 -> deliver(false);
      case 7, 8, 9, 10 -> end.compute();
      case 11 -> deliver(true);
      case 12 -> forgetDatagram();
      case 13 -> change();
      case 14, 15, 16 -> end.forged();
      case 17 -> {
        now = now.plusSeconds(choices.next(256) * 16L);
        end.step(new Event.Woken(now));
      }
      case 18 -> end.step(new Event.Woken(now));
      case 19 -> end.step(new Event.RekeyWanted(now));
      case 20 ->
          end.step(
              choices.next(2) == 0
                  ? Event.Expired.soft(now, end.anySpi())
                  : new Event.Expired(now, end.anySpi(), Lifetime.Limit.HARD));
      case 21 -> end.step(new Event.ChildUnwanted(now, end.anySpi()));
      case 22 -> end.wanted();
      default -> {
        switch (choices.next(4)) {
          case 0 -> end.step(new Event.Close(now, "net"));
          case 1 -> end.step(new Event.Terminate(now));
          case 2 -> end.step(new Event.Forgotten(now));
          default -> end.begin();
        }
      }
    }
  }

  private void deliver(boolean again) {
    if (onTheirWay.isEmpty()) {
      return;
    }
    int which = choices.next(Math.min(3, onTheirWay.size()));
    Datagram d = again ? onTheirWay.get(which) : onTheirWay.remove(which);
    (d.remote().equals(ALICE) ? alice : bob).receive(d);
  }

  private void forgetDatagram() {
    if (!onTheirWay.isEmpty()) {
      onTheirWay.removeFirst();
    }
  }

  private void change() {
    if (!onTheirWay.isEmpty()) {
      byte[] octets = onTheirWay.getFirst().payload();
      octets[choices.next(octets.length)] = (byte) choices.next(256);
    }
  }

  /// One end: its machine, its states, and what it holds in the SAD.
  private final class End implements QuietSurroundings {
    private final Connection connection;
    private final IkeMachine machine = new IkeMachine(this);
    private final List<IkeSaState> states = new ArrayList<>();
    private final List<Due> computations = new ArrayList<>();
    private final Set<Integer> held = new HashSet<>();
    private int spi = 1000;
    private int serial;
    private int wishes;

    /// @param state the index of who asked for it
    private record Due(int state, Computation computation) {}

    End(Ipv6Address local, Ipv6Address remote) {
      this.connection = connectionBetween(local, remote);
    }

    void begin() {
      if (states.size() < MOST_STATES && wishes++ < 4) {
        perform(machine.initiate(now, new ChildWish(connection, Optional.empty())));
      }
    }

    void wanted() {
      if (wishes++ < 4) {
        step(new Event.ChildWanted(now, new ChildWish(connection, Optional.empty())));
      }
    }

    private void perform(Step step) {
      states.add(step.next());
      perform(states.size() - 1, step.actions());
    }

    private void step(Event event) {
      if (!states.isEmpty()) {
        step(choices.next(states.size()), event);
      }
    }

    private void step(int index, Event event) {
      Step step = machine.step(states.get(index), event);
      states.set(index, step.next());
      if (step.next() instanceof Established s) {
        bounded("Child SAs", s.children().size(), 2 * MOST_CHILD_SAS + 8);
        bounded("tasks", s.work().queue().size(), 40);
        bounded("lingering SAs", s.timers().lingering().size(), 200);
      }
      perform(index, step.actions());
    }

    private void perform(int index, List<Action> actions) {
      for (Action action : actions) {
        switch (action) {
          case Action.Send(Datagram d) -> onTheirWay.add(arriving(d));
          case Action.Compute(Computation c) -> computations.add(new Due(index, c));
          case Action.Spawn(Established s) -> states.add(s);
          case Action.ReleaseSpi(int released) -> held.remove(released);
          case Action.Remove(Sa sa) -> {
            if (sa.direction() == Direction.INBOUND) {
              held.remove(sa.spi());
            }
          }
          default -> {}
        }
      }
      if (onTheirWay.size() > 100) {
        onTheirWay.subList(0, 50).clear();
      }
    }

    private void compute() {
      if (computations.isEmpty()) {
        return;
      }
      Due due = computations.remove(choices.next(computations.size()));
      Computation.Result result = due.computation().run(random);
      if (states.get(due.state()) instanceof Departed || states.get(due.state()).isClosed()) {
        result.close();
      } else {
        step(due.state(), new Event.Computed(now, result));
      }
    }

    private void receive(Datagram d) {
      try {
        Header header = Header.read(d.payload());
        long ours = header.fromInitiator() ? header.spiR() : header.spiI();
        for (int i = 0; i < states.size(); i++) {
          if (localSpi(states.get(i)) == ours) {
            step(i, new Event.Received(now, d));
            return;
          }
        }
        if (header.exchange() == Header.IKE_SA_INIT
            && header.fromInitiator()
            && !header.isResponse()
            && header.spiR() == 0
            && states.size() < MOST_STATES) {
          perform(machine.respond(now, d, Message.read(d.payload())));
        }
      } catch (MalformedException e) {
        // The driver drops it.
      }
    }

    /// A message of any payloads, under the keys of one of our IKE SAs.
    private void forged() {
      if (states.isEmpty() || !(states.get(choices.next(states.size())) instanceof Enciphered s)) {
        return;
      }
      int exchange = choices.of(List.of(34, 35, 36, 36, 36, 37, 37, 43, 44, 240));
      IkeSa ikeSa = s.ikeSa();
      Role peer = ikeSa.role().other();
      boolean response = choices.next(3) == 0;
      int id = response ? s.window().nextId() - 1 : s.window().expectedId();
      int flags =
          (peer == Role.INITIATOR ? Header.INITIATOR : 0) | (response ? Header.RESPONSE : 0);
      if (choices.next(16) == 0) {
        flags ^= choices.next(256);
        id += choices.next(5) - 2;
      }
      List<Payload> payloads = new Forgeries(choices, connection, this::anySpi).payloads();
      Header header = new Header(ikeSa.spiI(), ikeSa.spiR(), exchange, flags, id);
      byte[] octets = ikeSa.keys().cipher(peer).seal(new Message(header, payloads), random);
      Path path = ikeSa.path();
      receive(
          new Datagram(path.local(), path.localPort(), path.remote(), path.remotePort(), octets));
    }

    private int anySpi() {
      for (IkeSaState state : states) {
        if (state instanceof Established s && !s.children().isEmpty() && choices.next(2) == 0) {
          ChildSa child = s.children().get(choices.next(s.children().size()));
          return choices.next(2) == 0 ? child.inbound().spi() : child.outbound().spi();
        }
      }
      return choices.next(512);
    }

    /// Ends everything as the driver does with what it drops: nothing may be left.
    private void forget() {
      for (Due due : computations) {
        due.computation().run(random).close();
      }
      computations.clear();
      for (int i = 0; i < states.size(); i++) {
        step(i, new Event.Forgotten(now));
      }
      if (!held.isEmpty()) {
        throw new IllegalStateException("SPIs are left behind: " + held);
      }
    }

    @Override
    public SecureRandom random() {
      return random;
    }

    @Override
    public int reserveSpi() {
      held.add(spi);
      return spi++;
    }

    @Override
    public int nextIkeSerial() {
      return ++serial;
    }

    @Override
    public int nextChildSerial() {
      return ++serial;
    }

    @Override
    public Credentials credentials() {
      return (local, remote) -> Optional.of(KeyMaterial.copyOf(new byte[16]));
    }

    @Override
    public List<Connection> connections() {
      return List.of(connection);
    }

    @Override
    public int mostChildSas() {
      return MOST_CHILD_SAS;
    }
  }

  private static void bounded(String what, int many, int most) {
    if (many > most) {
      throw new IllegalStateException(many + " " + what);
    }
  }

  private static long localSpi(IkeSaState state) {
    return switch (state) {
      case Connecting s -> s.localSpi();
      case Established s -> s.ikeSa().localSpi();
      case Departed s -> s.localSpi();
      case IsakmpState s -> s.localSpi();
      case IkeSaState.Closed s -> 0;
    };
  }

  private static Datagram arriving(Datagram d) {
    return new Datagram(
        /* local= */ d.remote(),
        /* localPort= */ d.remotePort(),
        /* remote= */ d.local(),
        /* remotePort= */ d.localPort(),
        d.payload().clone());
  }

  private static Connection connectionBetween(Ipv6Address local, Ipv6Address remote) {
    Transform gcm = Transform.encr(20, 128);
    Transform x25519 = Transform.of(Transform.DH, 31);
    return new ConnectionBuilder("net", local)
        .remote(Optional.of(remote))
        .remoteId(Optional.of(Identity.of(remote)))
        .ikeProposals(List.of(proposal(Proposal.IKE, gcm, Transform.of(Transform.PRF, 5), x25519)))
        .espProposals(
            List.of(
                proposal(Proposal.ESP, gcm, Transform.of(Transform.ESN, 0)),
                proposal(Proposal.ESP, gcm, x25519, Transform.of(Transform.ESN, 0))))
        .selectors(List.of(Selector.between(AddressRange.of(local), AddressRange.of(remote))))
        .childLifetime(new Connection.Rekeying(Duration.ofHours(1), Duration.ofMinutes(9), 0, true))
        .ikeLifetime(new Connection.Rekeying(Duration.ofHours(3), Duration.ofMinutes(9), 0, true))
        .build();
  }

  private static Proposal proposal(int protocol, Transform... transforms) {
    return new Proposal(1, protocol, Bytes.EMPTY, List.of(transforms));
  }
}
