package espd.ike.driver;

import espd.ike.Credentials;
import espd.ike.exchange.Retransmission;
import espd.ike.pki.Revocations;
import espd.ike.pool.Pools;
import espd.spd.Sadb;
import java.security.SecureRandom;

/// What [Ike] is made of.
///
/// @param sadb where SAs go, and where acquires and expiries come from
/// @param credentials the secrets
/// @param transport sends datagrams
/// @param listener is told figures
/// @param saListener is told what becomes of SAs
/// @param scheduler time and threads; closed by [Ike#close()]
/// @param random where nonces, SPIs, private values and IVs come from
/// @param retransmission how requests are sent again
/// @param limits what is bounded
/// @param pools the addresses to give to peers
/// @param keys tells who was told to log them
/// @param whereabouts of this host
/// @param revocations finds out whether peers' certificates are revoked
public record IkeConfiguration(
    Sadb sadb,
    Credentials credentials,
    IkeTransport transport,
    IkeListener listener,
    SaListener saListener,
    IkeScheduler scheduler,
    SecureRandom random,
    Retransmission retransmission,
    IkeLimits limits,
    Pools pools,
    StandingKeys keys,
    Whereabouts whereabouts,
    Revocations revocations) {}
