package espd.ike.driver;

import espd.ike.exchange.ChildSa;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.SaParameters;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A Child SA as it was when [Ike#list()] was asked.
///
/// @param connection its connection's name
/// @param serial the n of `NAME{n}`
/// @param reqid of its policies
/// @param inboundSpi what the peer sends with
/// @param outboundSpi what we send with
/// @param mode transport or tunnel
/// @param selectors its packets
/// @param suite its algorithms
/// @param esn whether sequence numbers have 64 bits
/// @param encapsulation ESP in UDP
/// @param established when
/// @param rekeyed whether a successor has taken its place
/// @param inbound the SA that the peer sends with, which goes on counting
/// @param outbound the SA that we send with, which goes on counting
public record ChildSaView(
    String connection,
    int serial,
    int reqid,
    int inboundSpi,
    int outboundSpi,
    Mode mode,
    List<Selector> selectors,
    EspSuite suite,
    boolean esn,
    Optional<UdpEncapsulation> encapsulation,
    Instant established,
    boolean rekeyed,
    InboundSa inbound,
    OutboundSa outbound) {

  /// {@return `NAME{n}`}
  String text() {
    return connection + "{" + serial + "}";
  }

  static ChildSaView of(ChildSa child) {
    SaParameters in = child.inbound().parameters();
    return new ChildSaView(
        child.connection().name(),
        child.serial(),
        in.reqid(),
        in.spi(),
        child.outbound().spi(),
        in.mode(),
        in.selectors(),
        in.suite(),
        in.esn(),
        in.encapsulation(),
        in.created(),
        child.rekeyed(),
        child.inbound(),
        child.outbound());
  }
}
