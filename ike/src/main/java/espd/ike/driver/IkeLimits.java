package espd.ike.driver;

import java.time.Duration;

/// What strangers may take of us.
///
/// @param cookieThreshold with as many half-open IKE SAs a COOKIE is asked for (RFC 7296 §2.6)
/// @param halfOpen more half-open IKE SAs than this are not begun; by IKEv1 not more than half of
///   it
/// @param halfOpenPerNetwork nor more than this of one /64 network, so that nobody keeps the others
///   out; more than the cookie threshold, so that forged addresses do not count for it
/// @param halfOpenTimeout how long a peer may take from IKE_SA_INIT to IKE_AUTH
/// @param queuedOctets datagrams that take more memory than this do not wait for the event loop;
///   room for what thousands of IKE SAs say at once, as when a gateway of many goes away
/// @param unsolicitedPerSecond answers to messages that belong to no IKE SA (RFC 7296 §1.5)
/// @param childSas that a peer may have in one IKE SA
public record IkeLimits(
    int cookieThreshold,
    int halfOpen,
    int halfOpenPerNetwork,
    Duration halfOpenTimeout,
    int queuedOctets,
    int unsolicitedPerSecond,
    int childSas) {

  /// What suits a host.
  public static final IkeLimits STANDARD =
      new IkeLimits(30, 500, 50, Duration.ofSeconds(30), 4 << 20, 10, 100);
}
