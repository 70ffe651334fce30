package espd.daemon.racoon;

import espd.daemon.config.Value;
import java.time.Duration;
import java.util.Optional;

/// `proposal`: one suite of phase 1.
///
/// @param word that begins it
/// @param encryption the cipher
/// @param hash of the PRF and of integrity
/// @param authentication `pre_shared_key`, `rsasig`, …
/// @param group of the key exchange
/// @param lifetime of the ISAKMP SA, where it is not that of the `remote`
record Phase1Proposal(
    Value word,
    Cipher encryption,
    Cipher hash,
    Value authentication,
    Cipher group,
    Optional<Duration> lifetime) {}
