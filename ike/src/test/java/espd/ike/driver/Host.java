package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Credentials;
import espd.ike.DropReason;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.eap.Identities;
import espd.ike.eap.MsChapV2;
import espd.ike.exchange.Retransmission;
import espd.ike.message.Bytes;
import espd.ike.pki.Revocations;
import espd.ike.pool.Pools;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Sa;
import espd.spd.Sadb;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// One end: a daemon with its SADB, attached to the network.
final class Host implements IkeListener, SaListener {

  final Sadb sadb;
  final Ike ike;
  final Pools pools = new Pools();
  final StandingKeys keys = new StandingKeys();
  final List<String> lines = new ArrayList<>();
  final List<SaChange> changes = new ArrayList<>();
  final List<String> said = new ArrayList<>();
  final List<Duration> handshakes = new ArrayList<>();
  final Map<String, Integer> counters = new TreeMap<>();
  String sharedKey = "verysecret";
  Keychain keychain = Keychain.EMPTY;
  Revocations revocations = Revocations.OFFLINE;
  boolean faulty;
  private final Set<Ipv6Address> addresses = new LinkedHashSet<>();
  final Map<String, String> passwords = new TreeMap<>();
  final Map<String, String> ppks = new TreeMap<>();
  private final List<CompletableFuture<Outcome>> begun = new ArrayList<>();
  private final VirtualTime time;
  private final Network network;

  /// What differs from the usual.
  ///
  /// @param retransmission how requests are sent again
  /// @param limits what is bounded
  record Options(Retransmission retransmission, IkeLimits limits) {
    static final Options USUAL =
        new Options(
            new Retransmission(Duration.ofSeconds(1), 1.5, 8),
            new IkeLimits(30, 500, 50, Duration.ofSeconds(30), 1 << 20, 10, 100));
  }

  Host(Ipv6Address address, VirtualTime time, Network network, long seed) {
    this(address, time, network, seed, Options.USUAL);
  }

  Host(Ipv6Address address, VirtualTime time, Network network, long seed, Options options) {
    this.time = time;
    this.network = network;
    this.sadb = new Sadb(time::now, new SeededRandom(seed));
    this.ike =
        new Ike(
            new IkeConfiguration(
                sadb,
                secrets(),
                network.transport(address),
                this,
                this,
                time,
                new SeededRandom(seed + 1),
                options.retransmission(),
                options.limits(),
                pools,
                keys,
                whereabouts(),
                inquiry -> revocations.settle(inquiry)));
    network.attach(address, ike::receive);
    addresses.add(address);
    tick();
  }

  private Credentials secrets() {
    return new Credentials() {
      @Override
      public Optional<KeyMaterial> preSharedKey(Identity local, Identity remote) {
        if (faulty) {
          throw new IllegalStateException("a fault, for the test");
        }
        return Optional.of(sharedKey).filter(key -> !key.isEmpty()).map(Host::secret);
      }

      @Override
      public Keychain keychain() {
        return keychain;
      }

      @Override
      public Optional<KeyMaterial> ppk(Bytes id) {
        return Optional.ofNullable(ppks.get(Identities.text(id))).map(Host::secret);
      }

      @Override
      public Optional<KeyMaterial> passwordHash(Bytes identity) {
        return Optional.ofNullable(passwords.get(Identities.text(identity)))
            .map(password -> MsChapV2.ntPasswordHash(utf8(password)));
      }
    };
  }

  private static KeyMaterial secret(String text) {
    return KeyMaterial.copyOf(utf8(text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void tick() {
    time.schedule(
        time.now().plusSeconds(1),
        () -> {
          sadb.expire();
          tick();
        });
  }

  void load(Connection... connections) {
    var _ = ike.load(List.of(connections));
  }

  CompletableFuture<Outcome> up(String name) {
    return ike.initiate(name, lines::add);
  }

  /// Begins without waiting.
  void begin(String name) {
    begun.add(up(name));
  }

  CompletableFuture<Outcome> down(String name) {
    return ike.terminate(name, lines::add);
  }

  List<Sa> sas(Direction direction) {
    return sadb.sad().all().stream().filter(sa -> sa.direction() == direction).toList();
  }

  /// {@return the SPIs of a direction, lowest first}
  List<Integer> spis(Direction direction) {
    return sas(direction).stream().map(Sa::spi).sorted().toList();
  }

  /// Has it leave the address it had, for another.
  void roam(Ipv6Address from, Ipv6Address to) {
    network.detach(from);
    addresses.remove(from);
    gets(to);
  }

  /// Gives it another address.
  void gets(Ipv6Address another) {
    network.attach(another, ike::receive);
    addresses.add(another);
    ike.roam();
  }

  /// Takes one of its addresses.
  void loses(Ipv6Address one) {
    network.detach(one);
    addresses.remove(one);
    ike.roam();
  }

  private Whereabouts whereabouts() {
    return new Whereabouts() {
      @Override
      public boolean isHere(Ipv6Address local) {
        return addresses.contains(local);
      }

      @Override
      public Optional<Ipv6Address> sourceTowards(Ipv6Address remote) {
        return addresses.stream().findFirst();
      }

      @Override
      public List<Ipv6Address> besides(Ipv6Address local) {
        return addresses.stream().filter(address -> !address.equals(local)).toList();
      }
    };
  }

  int count(String what) {
    return counters.getOrDefault(what, 0);
  }

  private void add(String what) {
    counters.merge(what, 1, Integer::sum);
  }

  @Override
  public void changed(SaChange change) {
    changes.add(change);
  }

  @Override
  public void said(SaLine line) {
    said.add(line.text());
  }

  @Override
  public void exchanged(String exchange, String role, String result) {
    add(exchange + " " + role + " " + result);
  }

  @Override
  public void established(String role, Duration handshake) {
    add("established " + role);
    handshakes.add(handshake);
  }

  @Override
  public void rekeyed(String sa) {
    add("rekeyed " + sa);
  }

  @Override
  public void cookieSent() {
    add("cookie");
  }

  @Override
  public void notified(String direction, String notify) {
    add(direction + " " + notify);
  }

  @Override
  public void retransmitted() {
    add("retransmitted");
  }

  @Override
  public void dropped(DropReason reason) {
    add("dropped " + reason.sentence());
  }
}
