package espd.perf;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Credentials;
import espd.ike.Identity;
import espd.ike.driver.Ike;
import espd.ike.driver.IkeConfiguration;
import espd.ike.driver.IkeLimits;
import espd.ike.driver.IkeListener;
import espd.ike.driver.Outcome;
import espd.ike.driver.SaListener;
import espd.ike.driver.StandingKeys;
import espd.ike.driver.ThreadScheduler;
import espd.ike.driver.Whereabouts;
import espd.ike.exchange.Retransmission;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.pki.Revocations;
import espd.ike.pool.Pools;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Sadb;
import espd.spd.Selector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/// Many initiators in one process, each with an identity of its own, that make IKE SAs with one
/// responder, some at a time: the load of `perf/handshake`. No packet goes through the SAs.
///
/// What it is told to do it reads from the input, a line each, and prints what came of it:
///
/// | line       | does                                      | prints               |
/// |------------|-------------------------------------------|----------------------|
/// | `make N`   | makes N more IKE SAs, each with a Child SA | `made N in S s`      |
/// | `rekey`    | rekeys all IKE SAs                        | `rekeyed N in S s`   |
/// | `close`    | deletes all IKE SAs                       | `closed N in S s`    |
final class HandshakeSwarm implements IkeListener, SaListener {

  /// Handshakes at a time: more would have responders ask for cookies.
  private static final int AT_A_TIME = 20;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Ipv6Address local;
  private final Ipv6Address remote;
  private final Ipv6Address behind;
  private final Ike ike;
  private final List<Connection> connections = new ArrayList<>();
  private final Semaphore rekeyed = new Semaphore(0);
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private HandshakeSwarm(Ipv6Address local, Ipv6Address remote, Ipv6Address behind, byte[] secret)
      throws IOException {
    this.local = local;
    this.remote = remote;
    this.behind = behind;
    SwarmSockets sockets = new SwarmSockets(local);
    this.ike =
        new Ike(
            new IkeConfiguration(
                new Sadb(InstantSource.system(), new SecureRandom()),
                credentials(secret),
                sockets,
                this,
                this,
                new ThreadScheduler(InstantSource.system()),
                new SecureRandom(),
                new Retransmission(Duration.ofSeconds(4), 1.8, 5),
                new IkeLimits(30, 500, 50, Duration.ofSeconds(30), 64 << 20, 10, 100),
                new Pools(),
                new StandingKeys(),
                Whereabouts.STILL,
                Revocations.OFFLINE));
    sockets.receive(ike::receive);
  }

  private static Credentials credentials(byte[] secret) {
    KeyMaterial shared = KeyMaterial.copyOf(secret);
    return (here, there) -> Optional.of(shared);
  }

  /// Runs it.
  ///
  /// @param arguments our address, the responder's, the address behind it, the secret
  public static void main(String[] arguments) throws IOException, InterruptedException {
    HandshakeSwarm swarm =
        new HandshakeSwarm(
            Ipv6Address.parse(arguments[0]),
            Ipv6Address.parse(arguments[1]),
            Ipv6Address.parse(arguments[2]),
            arguments[3].getBytes(StandardCharsets.UTF_8));
    System.out.println("ready");
    try (var input = new java.util.Scanner(System.in, StandardCharsets.UTF_8)) {
      while (input.hasNextLine()) {
        String[] words = input.nextLine().split(" ", -1);
        System.out.println(swarm.obey(words));
      }
    }
    System.exit(0);
  }

  private String obey(String[] words) throws InterruptedException {
    long began = System.nanoTime();
    String done =
        switch (words[0]) {
          case "make" -> "made " + make(Integer.parseInt(words[1]));
          case "rekey" -> "rekeyed " + rekey();
          case "close" -> "closed " + close();
          default -> throw new IllegalArgumentException(words[0]);
        };
    if (!failures.isEmpty()) {
      return "failed: " + failures.peek();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return String.format(Locale.ROOT, "%s in %.3f s", done, seconds);
  }

  private int make(int count) throws InterruptedException {
    int first = connections.size();
    for (int i = first; i < first + count; i++) {
      connections.add(connection(i));
    }
    ike.load(connections).join();
    Semaphore free = new Semaphore(AT_A_TIME);
    for (Connection connection : connections.subList(first, first + count)) {
      free.acquire();
      var _ = ike.initiate(connection.name(), line -> {}).whenComplete((o, e) -> done(o, free));
    }
    free.acquire(AT_A_TIME);
    return count;
  }

  private void done(Outcome outcome, Semaphore free) {
    if (!outcome.succeeded()) {
      failures.add(outcome.text());
    }
    free.release();
  }

  private int rekey() throws InterruptedException {
    int count = ike.rekey(each -> true).join();
    for (int i = 0; i < count; i++) {
      rekeyed.acquire();
    }
    return count;
  }

  private int close() {
    int count = connections.size();
    CompletableFuture<Outcome> closed = ike.terminate(each -> true, PATIENCE, line -> {});
    if (!closed.join().succeeded()) {
      failures.add(closed.join().text());
    }
    connections.clear();
    return count;
  }

  @Override
  public void rekeyed(String sa) {
    if (sa.equals(IkeListener.IKE)) {
      rekeyed.release();
    }
  }

  /// The suite that all have: AES-128-GCM, HMAC-SHA2-256, X25519.
  private Connection connection(int number) {
    AddressRange own = AddressRange.of(Ipv6Address.parse("2001:db8:5a::%x".formatted(number + 1)));
    return new ConnectionBuilder("c" + number, local)
        .remote(Optional.of(remote))
        .localId(Identity.ofName("c" + number + ".example"))
        .remoteId(Optional.of(Identity.of(remote)))
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
        .selectors(List.of(Selector.between(own, AddressRange.of(behind))))
        .reqid(number + 1)
        .build();
  }

  private static Proposal proposal(int protocol, Transform... transforms) {
    return new Proposal(1, protocol, Bytes.EMPTY, List.of(transforms));
  }
}
