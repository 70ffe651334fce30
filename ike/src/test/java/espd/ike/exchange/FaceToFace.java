package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Credentials;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.ike.eap.MsChapV2;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.spd.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Two state machines that talk to each other in one thread, step by step: whoever tests may look
/// at their states, and put in the place of a message what it likes.
final class FaceToFace {

  static final String SHARED_KEY = "verysecret";

  /// One end.
  final class End implements QuietSurroundings {
    final IkeMachine machine = new IkeMachine(this);
    final Connection connection;
    final List<Report> reports = new ArrayList<>();
    IkeSaState state = new IkeSaState.Closed();

    /// What it has sent that has not arrived.
    final Deque<Datagram> sent = new ArrayDeque<>();

    /// What it has asked to be computed.
    final Deque<Computation> computations = new ArrayDeque<>();

    private int number = 1000;

    private End(Connection connection) {
      this.connection = connection;
    }

    void perform(Step step) {
      state = step.next();
      for (Action action : step.actions()) {
        switch (action) {
          case Action.Send(Datagram datagram) -> sent.add(datagram);
          case Action.Compute(Computation computation) -> computations.add(computation);
          case Action.Tell(Report report) -> reports.add(report);
          case Action.Spawn(Established successor) -> successors.add(successor);
          case Action.Install install -> {}
          case Action.Inquire _ -> {}
          case Action.Remove remove -> {}
          case Action.ReleaseSpi released -> {}
          case Action.Move move -> {}
          case Action.InitialContact contact -> {}
          case Action.Replace replace -> {}
          case Action.FallBack back -> {}
          case Action.Anew anew -> {}
          case Action.KeepTicket keep -> {}
          case Action.ForgetTicket forget -> {}
          case Action.Follow follow -> {}
          case Action.Renew renew -> {}
          case Action.Reauthenticate reauthenticate -> {}
          case Action.Supersede supersede -> {}
          case Action.HandOver handOver -> {}
        }
      }
    }

    final List<Established> successors = new ArrayList<>();

    /// Computes what waits, one at a time.
    void compute() {
      while (!computations.isEmpty()) {
        happens(new Event.Computed(now, computations.remove().run(random)));
      }
    }

    void happens(Event event) {
      perform(machine.step(state, event));
    }

    /// Takes a datagram as it was sent by the other end.
    void takes(Datagram d) throws MalformedException {
      Datagram mine =
          new Datagram(
              /* local= */ d.remote(),
              /* localPort= */ d.remotePort(),
              /* remote= */ d.local(),
              /* remotePort= */ d.localPort(),
              d.payload());
      Header header = Header.read(d.payload());
      boolean first = header.spiR() == 0 && !header.isResponse();
      if (first && state.isClosed()) {
        perform(machine.respond(now, mine, Message.read(d.payload())));
      } else {
        happens(new Event.Received(now, mine));
      }
    }

    /// Makes everything that it has to say arrive at `other`.
    void talksTo(End other) throws MalformedException {
      compute();
      while (!sent.isEmpty()) {
        other.takes(sent.remove());
        other.compute();
      }
    }

    /// {@return the lines that a person should look at}
    List<String> warnings() {
      return reports.stream()
          .filter(Report.Warning.class::isInstance)
          .map(report -> ((Report.Warning) report).line())
          .toList();
    }

    @Override
    public SecureRandom random() {
      return random;
    }

    @Override
    public int reserveSpi() {
      return number++;
    }

    @Override
    public int nextIkeSerial() {
      return number++;
    }

    @Override
    public int nextChildSerial() {
      return number++;
    }

    @Override
    public Credentials credentials() {
      return new Credentials() {
        @Override
        public Optional<KeyMaterial> preSharedKey(Identity local, Identity remote) {
          return Optional.of(KeyMaterial.copyOf(secret()));
        }

        @Override
        public Optional<KeyMaterial> passwordHash(Bytes identity) {
          return Optional.of(MsChapV2.ntPasswordHash(secret()));
        }
      };
    }

    private static byte[] secret() {
      return SHARED_KEY.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<Connection> connections() {
      return List.of(connection);
    }

    @Override
    public int mostChildSas() {
      return 100;
    }
  }

  final SecureRandom random = new SecureRandom();
  final End initiator;
  final End responder;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  FaceToFace(Connection initiator, Connection responder) {
    this.initiator = new End(initiator);
    this.responder = new End(responder);
  }

  /// The initiator begins; nothing is sent yet.
  FaceToFace begun() {
    initiator.perform(
        initiator.machine.initiate(now, new ChildWish(initiator.connection, Optional.empty())));
    return this;
  }

  /// One message from each.
  FaceToFace exchanged() throws MalformedException {
    initiator.talksTo(responder);
    responder.talksTo(initiator);
    return this;
  }

  /// Messages until nobody has anything to say.
  FaceToFace quiet() throws MalformedException {
    do {
      exchanged();
      initiator.compute();
      responder.compute();
    } while (!initiator.sent.isEmpty() || !responder.sent.isEmpty());
    return this;
  }
}
