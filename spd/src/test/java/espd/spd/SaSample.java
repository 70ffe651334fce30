package espd.spd;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An SA for a test: everything as usual but what the test names.
final class SaSample {

  static final Ipv6Address LOCAL = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address REMOTE = Ipv6Address.parse("2001:db8:2:2::2");

  private final int spi;
  private int reqid = 1;
  private Ipv6Address remote = REMOTE;
  private boolean esn;
  private int replayWindow = 64;
  private Lifetime lifetime = Lifetime.UNLIMITED;
  private List<Selector> selectors =
      List.of(Selector.between(AddressRange.of(LOCAL), AddressRange.of(REMOTE)));
  private Instant created = Instant.EPOCH;

  private SaSample(int spi) {
    this.spi = spi;
  }

  static SaSample ofSpi(int spi) {
    return new SaSample(spi);
  }

  SaSample reqid(int value) {
    this.reqid = value;
    return this;
  }

  SaSample remote(Ipv6Address value) {
    this.remote = value;
    return this;
  }

  SaSample esn() {
    this.esn = true;
    return this;
  }

  SaSample replayWindow(int value) {
    this.replayWindow = value;
    return this;
  }

  SaSample lifetime(Lifetime value) {
    this.lifetime = value;
    return this;
  }

  SaSample selectors(Selector... values) {
    this.selectors = List.of(values);
    return this;
  }

  SaSample created(Instant value) {
    this.created = value;
    return this;
  }

  SaParameters parameters() {
    EspSuite suite = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
    return new SaParameters(
        spi,
        "sample",
        reqid,
        Mode.TUNNEL,
        LOCAL,
        remote,
        Optional.empty(),
        suite,
        KeyMaterial.copyOf("0123456789abcdefSALT".getBytes(StandardCharsets.UTF_8)),
        KeyMaterial.none(),
        esn,
        replayWindow,
        lifetime,
        OuterTraffic.DEFAULT,
        selectors,
        created);
  }

  InboundSa inbound() {
    return new InboundSa(parameters());
  }

  OutboundSa outbound() {
    return new OutboundSa(parameters());
  }
}
