package espd.daemon.keys;

import espd.spd.AddressRange;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// SAs between two hosts; the octets of their keys are 1, 2, 3, …
public final class Sas {

  static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");

  private Sas() {}

  /// {@return an SA of what leaves}
  public static OutboundSa outbound(int spi, EspSuite suite) {
    return new OutboundSa(parameters(spi, suite));
  }

  /// {@return an SA of what arrives}
  public static InboundSa inbound(int spi, EspSuite suite) {
    return new InboundSa(parameters(spi, suite));
  }

  private static SaParameters parameters(int spi, EspSuite suite) {
    return new SaParameters(
        spi,
        "net",
        1,
        Mode.TUNNEL,
        HERE,
        THERE,
        Optional.empty(),
        suite,
        key(suite.encryptionKeyOctets()),
        key(suite.integrity().keyOctets()),
        false,
        64,
        Lifetime.UNLIMITED,
        OuterTraffic.DEFAULT,
        List.of(Selector.between(AddressRange.of(HERE), AddressRange.of(THERE))),
        Instant.now());
  }

  private static KeyMaterial key(int octets) {
    byte[] key = new byte[octets];
    for (int i = 0; i < octets; i++) {
      key[i] = (byte) (i + 1);
    }
    return KeyMaterial.copyOf(key);
  }
}
