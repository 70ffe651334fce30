package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.SharedSecrets;
import espd.ike.message.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// An SA that the peer has asked for and is to go on with: what a responder keeps between
/// CREATE_CHILD_SA and the last IKE_FOLLOWUP_KE exchange (RFC 9370 §2.2.4). There is one at a time,
/// and for a while only.
///
/// @param granted the CREATE_CHILD_SA exchange
/// @param secrets of the key exchanges so far
/// @param remaining the key exchanges that are to come
/// @param link what the peer says when it goes on
/// @param until when it has had its time
record Awaited(
    Granted granted,
    SharedSecrets secrets,
    List<AdditionalKeyExchange> remaining,
    Bytes link,
    Instant until) {

  /// How long the peer may take for each exchange: some tries at sending it.
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /// {@return whether it is to replace this Child SA}
  boolean replaces(int inboundSpi) {
    return granted.answering() instanceof Answering.Child child
        && child.choice().replaced().filter(c -> c.inbound().spi() == inboundSpi).isPresent();
  }

  /// {@return whether it is to replace the IKE SA}
  boolean replacesIke() {
    return granted.answering() instanceof Answering.Ike;
  }
}
