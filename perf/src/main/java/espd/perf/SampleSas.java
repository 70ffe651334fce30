package espd.perf;

import espd.spd.AddressRange;
import espd.spd.EspSuite;
import espd.spd.Flow;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.PortRange;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// SAs, policies' selectors and flows between this host and numbered peers.
final class SampleSas {

  private static final int TCP = 6;
  private static final Ipv6Address LOCAL = Ipv6Address.parse("2001:db8:1:1::1");

  private SampleSas() {}

  /// The address of a peer: each in its own /64.
  static Ipv6Address peer(int number) {
    return new Ipv6Address(0x2001_0db8_8000_0000L | number, 1);
  }

  /// All that goes between this host and a peer's network.
  static Selector selector(int peer) {
    return Selector.between(AddressRange.of(LOCAL), AddressRange.prefix(peer(peer), 64));
  }

  /// A TCP packet between this host and a peer.
  static Flow flow(int peer) {
    Flow flow = new Flow();
    flow.localHigh = LOCAL.high();
    flow.localLow = LOCAL.low();
    flow.remoteHigh = peer(peer).high();
    flow.remoteLow = peer(peer).low();
    flow.protocol = TCP;
    flow.localPort = PortRange.NO_PORT;
    flow.remotePort = PortRange.NO_PORT;
    return flow;
  }

  /// An SA with a peer, in tunnel mode, with random keys and the peer's number as its reqid.
  static SaParameters parameters(int spi, int peer, EspSuite suite) {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    byte[] encryptionKey = new byte[suite.encryptionKeyOctets()];
    byte[] integrityKey = new byte[suite.integrity().keyOctets()];
    random.nextBytes(encryptionKey);
    random.nextBytes(integrityKey);
    return new SaParameters(
        spi,
        "benchmark",
        peer,
        Mode.TUNNEL,
        LOCAL,
        peer(peer),
        Optional.empty(),
        suite,
        KeyMaterial.copyOf(encryptionKey),
        KeyMaterial.copyOf(integrityKey),
        false,
        1024,
        Lifetime.UNLIMITED,
        OuterTraffic.DEFAULT,
        List.of(selector(peer)),
        Instant.EPOCH);
  }
}
