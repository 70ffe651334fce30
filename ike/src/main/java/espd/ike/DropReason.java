package espd.ike;

import java.util.Locale;

/// Why a message of IKE, or what came through a TCP stream, was of no use. The constants are the
/// metric: each is counted, and nothing is dropped by another name.
public enum DropReason {
  /// More datagrams came than wait to be looked at.
  QUEUE_FULL("more datagrams than wait to be looked at", ""),
  /// It has no header of IKE (RFC 7296 §3.1).
  NOT_IKE("no message of IKE", "RFC 7296 §3.1"),
  /// It is of a version of IKE that we do not speak (RFC 7296 §2.5).
  OTHER_VERSION("another major version of IKE", "RFC 7296 §2.5"),
  /// A payload is missing, doubled, or not what it says (RFC 7296 §2.21).
  MALFORMED("a malformed message", "RFC 7296 §2.21"),
  /// There is no IKE SA of its SPIs (RFC 7296 §2.21.4), or cookies (RFC 2408 §3.1).
  UNKNOWN_SPI("no IKE SA has these SPIs", "RFC 7296 §2.21.4"),
  /// Its IKE SA was there not long ago (RFC 7296 §2.4).
  DEPARTED("its IKE SA is gone", "RFC 7296 §2.4"),
  /// As many peers as there may be are about to prove who they are (RFC 7296 §2.6).
  TOO_MANY_HALF_OPEN("too many half-open IKE SAs", "RFC 7296 §2.6"),
  /// As many strangers as are answered in a second have been answered (RFC 7296 §2.21.4).
  NOT_ANSWERED("more strangers than are answered", "RFC 7296 §2.21.4"),
  /// The peer asks for a cookie again, which it was given (RFC 7296 §2.6).
  COOKIE_NOT_HEEDED("our cookie was not heeded", "RFC 7296 §2.6"),
  /// The peer sends us on, and we do not go (RFC 5685 §3).
  REDIRECT_NOT_HEEDED("a REDIRECT that is not heeded", "RFC 5685 §3"),
  /// Its message id is older than the last or beyond the next (RFC 7296 §2.3).
  OUTSIDE_WINDOW("outside of the message window", "RFC 7296 §2.3"),
  /// Nobody waits for this response, or for this message now (RFC 7296 §2.1).
  NOT_AWAITED("a message that nobody waits for", "RFC 7296 §2.1"),
  /// An IKE_SA_INIT request of an SPI whose first request was another (RFC 7296 §2.1).
  OTHER_INIT("another IKE_SA_INIT request of the same SPI", "RFC 7296 §2.1"),
  /// It came again before its answer was made (RFC 7296 §2.1).
  BEING_ANSWERED("sent again while its answer is made", "RFC 7296 §2.1"),
  /// Its checksum, or the hash inside, is wrong (RFC 7296 §2.21, RFC 2409 §5).
  UNAUTHENTIC("not authentic", "RFC 7296 §2.21"),
  /// It repeats what is not proven by it (RFC 2409 §5.4).
  NOTHING_PROVEN("nothing new that is proven", "RFC 2409 §5.4"),
  /// It is part of a message that was put together already, or does not fit (RFC 7383 §2.6).
  UNWANTED_FRAGMENT("a fragment that is not wanted", "RFC 7383 §2.6"),
  /// It has to be encrypted, and is not (RFC 2409 §5).
  NOT_ENCRYPTED("not encrypted", "RFC 2409 §5"),
  /// It is encrypted before there are keys (RFC 2409 §5).
  WITHOUT_KEYS("encrypted before there are keys", "RFC 2409 §5"),
  /// Its exchange is over (RFC 2408 §3.1).
  EXCHANGE_OVER("a message of an exchange that is over", "RFC 2408 §3.1"),
  /// Its exchange is none that could be here (RFC 2408 §3.1).
  OTHER_EXCHANGE("an exchange of another type", "RFC 2408 §3.1"),
  /// As many quick modes as there may be are on their way (RFC 2409 §5.5).
  TOO_MANY_QUICK_MODES("too many quick modes at a time", "RFC 2409 §5.5"),
  /// The peer asks whether we live by an old number (RFC 3706 §5.5).
  OLD_LIVENESS("R-U-THERE with an old sequence number", "RFC 3706 §5.5"),
  /// An informational exchange without a notification or deletion (RFC 2409 §5.7).
  NOTHING_INFORMATIONAL("nothing for an informational exchange", "RFC 2409 §5.7"),
  /// ESP packets came through TCP faster than they are taken.
  ESP_QUEUE_FULL("more ESP over TCP than is taken", ""),
  /// An ESP packet came through TCP when the daemon was ending.
  ESP_TOO_LATE("ESP over TCP after the sockets were closed", ""),
  /// As many TCP connections as there may be have no IKE SA (RFC 9329 §10).
  TOO_MANY_STREAMS("too many TCP connections without an IKE SA", "RFC 9329 §10"),
  /// A TCP connection had no IKE SA for too long (RFC 9329 §10).
  STREAM_WITHOUT_SA("a TCP connection without an IKE SA was closed", "RFC 9329 §10"),
  /// A TCP connection did not begin as it has to (RFC 9329 §4).
  NOT_IKETCP("a TCP connection that does not begin with IKETCP", "RFC 9329 §4"),
  /// A frame in a TCP stream has a length that cannot be (RFC 9329 §3).
  BAD_FRAME("a frame of no length in a TCP stream", "RFC 9329 §3");

  private final String sentence;
  private final String section;

  DropReason(String sentence, String section) {
    this.sentence = sentence;
    this.section = section;
  }

  /// {@return the reason in words, for people}
  public String sentence() {
    return sentence;
  }

  /// {@return the section that says so, as `RFC 7296 §2.3`; empty where it is the host's doing}
  public String section() {
    return section;
  }

  /// {@return its name as a label of metrics: `snake_case`}
  public String metricName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
