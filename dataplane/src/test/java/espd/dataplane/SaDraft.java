package espd.dataplane;

import espd.spd.AddressRange;
import espd.spd.Ipcomp;
import espd.spd.Ipv6Address;
import espd.spd.Lifetime;
import espd.spd.OriginalAddresses;
import espd.spd.OuterTraffic;
import espd.spd.PortRange;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;

/// An SA that is not the usual one: what tests change about it.
///
/// @param sa the usual
/// @param destinationPorts of the packets it is for, seen by their sender
record SaDraft(
    Host.Sa sa,
    int spi,
    int replayWindow,
    Lifetime lifetime,
    OuterTraffic traffic,
    PortRange destinationPorts) {

  static SaDraft of(Host.Sa sa) {
    return new SaDraft(sa, Host.SPI, 64, Lifetime.UNLIMITED, OuterTraffic.DEFAULT, PortRange.ANY);
  }

  SaDraft spi(int other) {
    return new SaDraft(sa, other, replayWindow, lifetime, traffic, destinationPorts);
  }

  SaDraft replayWindow(int other) {
    return new SaDraft(sa, spi, other, lifetime, traffic, destinationPorts);
  }

  /// Limits of packets only.
  SaDraft packets(long soft, long hard) {
    Lifetime limits = new Lifetime(0, 0, 0, 0, soft, hard);
    return new SaDraft(sa, spi, replayWindow, limits, traffic, destinationPorts);
  }

  SaDraft traffic(OuterTraffic other) {
    return new SaDraft(sa, spi, replayWindow, lifetime, other, destinationPorts);
  }

  SaDraft destinationPort(int port) {
    return new SaDraft(sa, spi, replayWindow, lifetime, traffic, PortRange.of(port));
  }

  SaParameters outbound(Ipv6Address local, Ipv6Address remote) {
    return parameters(
        new Selector(
            AddressRange.of(local),
            AddressRange.of(remote),
            protocol(),
            PortRange.ANY,
            destinationPorts));
  }

  SaParameters inbound(Ipv6Address local, Ipv6Address remote) {
    return parameters(
        new Selector(
            AddressRange.of(local),
            AddressRange.of(remote),
            protocol(),
            destinationPorts,
            PortRange.ANY));
  }

  private int protocol() {
    return destinationPorts.equals(PortRange.ANY) ? Selector.ANY_PROTOCOL : Packets.UDP;
  }

  private SaParameters parameters(Selector selector) {
    SaParameters usual = Host.parameters(sa, selector.local().first(), selector.remote().first());
    return new SaParameters(
        spi,
        usual.connection(),
        usual.reqid(),
        usual.mode(),
        usual.local(),
        usual.remote(),
        usual.encapsulation(),
        usual.suite(),
        usual.encryptionKey(),
        usual.integrityKey(),
        usual.esn(),
        replayWindow,
        lifetime,
        traffic,
        List.of(selector),
        usual.created());
  }

  /// {@return an SA as `usual`, but for what is done to the packets inside}
  ///
  /// @param ipcomp how they are compressed (RFC 3173)
  /// @param originals the ends that the peer sees, where NATs are between (RFC 7296 §2.23.1)
  static SaParameters inside(
      SaParameters usual, Optional<Ipcomp> ipcomp, Optional<OriginalAddresses> originals) {
    return new SaParameters(
        usual.spi(),
        usual.connection(),
        usual.reqid(),
        usual.mode(),
        usual.local(),
        usual.remote(),
        usual.encapsulation(),
        usual.suite(),
        usual.encryptionKey(),
        usual.integrityKey(),
        usual.esn(),
        usual.replayWindow(),
        usual.lifetime(),
        usual.outerTraffic(),
        ipcomp,
        originals,
        usual.selectors(),
        usual.created());
  }
}
