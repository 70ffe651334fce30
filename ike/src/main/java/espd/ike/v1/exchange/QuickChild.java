package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.crypto.ChildKeys;
import espd.ike.crypto.Role;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Jitter;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.v1.crypto.PhaseTwoInputs;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Ipcomp;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.OriginalAddresses;
import espd.spd.OutboundSa;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A pair of IPsec SAs that both ends of a quick mode agree on, before it has keys.
///
/// @param connection what it belongs to
/// @param serial the n of `NAME{n}`
/// @param role our end of the quick mode
/// @param selector its packets
/// @param suite its algorithms
/// @param ipcomp under which CPI the peer takes compressed packets, where both do
/// @param originals what NATs in transport mode have made other addresses of
/// @param life when it is replaced
/// @param inboundSpi what the peer sends with
/// @param outboundSpi what we send with
/// @param ni the initiator's nonce
/// @param nr the responder's nonce
record QuickChild(
    Connection connection,
    int serial,
    Role role,
    Selector selector,
    EspSuite suite,
    Optional<Ipcomp> ipcomp,
    Optional<OriginalAddresses> originals,
    Rekeying life,
    int inboundSpi,
    int outboundSpi,
    Bytes ni,
    Bytes nr) {

  /// {@return the pair, not yet installed (RFC 2409 §5.5)}
  ///
  /// @param gQm the shared secret of quick mode's key exchange, with PFS; wiped
  ChildSa make(IsakmpSa sa, Optional<KeyMaterial> gQm, Surroundings surroundings, Instant now) {
    boolean initiator = role == Role.INITIATOR;
    PhaseTwoInputs inputs =
        new PhaseTwoInputs(
            initiator ? inboundSpi : outboundSpi, initiator ? outboundSpi : inboundSpi, ni, nr);
    ChildKeys keys =
        gQm.isPresent()
            ? sa.keys().child(suite, gQm.get(), inputs)
            : sa.keys().child(suite, inputs);
    gQm.ifPresent(KeyMaterial::close);
    Lifetime lifetime = new Jitter(surroundings.random()).lifetime(life);
    return new ChildSa(
        connection,
        serial,
        new InboundSa(parameters(sa, inboundSpi, keys, role.other(), lifetime, now)),
        new OutboundSa(parameters(sa, outboundSpi, keys, role, lifetime, now)),
        Optional.empty(),
        false);
  }

  private SaParameters parameters(
      IsakmpSa sa, int spi, ChildKeys keys, Role sender, Lifetime lifetime, Instant now) {
    return new SaParameters(
        spi,
        connection.name(),
        connection.reqid(),
        connection.mode(),
        sa.path().local(),
        sa.path().remote(),
        sa.encapsulation(),
        suite,
        keys.encryption(sender),
        keys.integrity(sender),
        false,
        connection.replayWindow(),
        lifetime,
        connection.outerTraffic().withoutPadding(),
        sender == role ? ipcomp : ipcomp.map(peers -> Ipcomp.chosenFor(inboundSpi)),
        originals,
        List.of(selector),
        now);
  }
}
