package espd.ike.driver;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.InvalidMajorVersionException;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.UnsupportedCriticalPayloadException;
import espd.spd.Ipv6Address;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Messages that belong to no IKE SA: first requests, which may need a cookie (RFC 7296 §2.6), and
/// what is answered without any state, a few times a second (RFC 7296 §1.5, §2.5). For the event
/// loop.
final class Newcomers {

  private final IkeConfiguration configuration;
  private final Machines machines;
  private final IkeSas ikeSas;
  private final IkeSaTable table;
  private final Cookies cookies;
  private final RateLimit unsolicited;

  /// @param table the IKE SAs there are
  Newcomers(IkeConfiguration configuration, Machines machines, IkeSas ikeSas, IkeSaTable table) {
    this.configuration = configuration;
    this.machines = machines;
    this.table = table;
    this.ikeSas = ikeSas;
    this.cookies = machines.surroundings().cookies();
    this.unsolicited = new RateLimit(configuration.limits().unsolicitedPerSecond());
  }

  /// An IKE_SA_INIT or IKE_SESSION_RESUME request without our SPI. Its message id is 0 (RFC 7296
  /// §2.2, RFC 5723 §4.3.2).
  void request(Datagram datagram, Instant now) {
    try {
      Message message = Message.read(datagram.payload());
      if (message.header().messageId() != 0) {
        configuration.listener().dropped(DropReason.MALFORMED);
        return;
      }
      if (isFull(datagram.remote(), configuration.limits().halfOpen())) {
        return;
      }
      if (table.countHalfOpen() >= configuration.limits().cookieThreshold()
          && !hasCookie(message, datagram, now)) {
        return;
      }
      ikeSas.begin(machines.respond(now, datagram, message));
    } catch (UnsupportedCriticalPayloadException e) {
      critical(datagram, e, now);
    } catch (MalformedException e) {
      configuration.listener().dropped(DropReason.MALFORMED);
    }
  }

  /// A first message of IKEv1, which knows no cookies to ask for: what bounds the cost of strangers
  /// is how many may be half-open. They fill no more than half, and leave the rest to those who can
  /// show a cookie.
  void isakmp(Datagram datagram, Instant now) {
    if (isFull(datagram.remote(), configuration.limits().halfOpen() / 2)) {
      return;
    }
    try {
      ikeSas.begin(machines.respondToOne(now, datagram));
    } catch (MalformedException e) {
      configuration.listener().dropped(DropReason.MALFORMED);
    }
  }

  private boolean isFull(Ipv6Address peer, int most) {
    boolean full =
        table.countHalfOpen() >= most
            || table.countHalfOpen(peer.high()) >= configuration.limits().halfOpenPerNetwork();
    if (full) {
      configuration.listener().dropped(DropReason.TOO_MANY_HALF_OPEN);
    }
    return full;
  }

  /// Whether the request carries the cookie we would give; if not it is given now.
  private boolean hasCookie(Message message, Datagram datagram, Instant now) {
    List<Payload> payloads = message.payloads();
    Optional<Nonce> ni = first(payloads, Nonce.class);
    if (ni.isEmpty()) {
      configuration.listener().dropped(DropReason.MALFORMED);
      return false;
    }
    Bytes nonce = ni.get().data();
    long spiI = message.header().spiI();
    Optional<Notify> cookie =
        first(payloads, Notify.class).filter(n -> n.type() == NotifyType.COOKIE);
    if (cookie.isPresent()
        && cookies.recognises(cookie.get().data(), nonce, datagram.remote(), spiI, now)) {
      return true;
    }
    Bytes fresh = cookies.cookie(nonce, datagram.remote(), spiI, now);
    configuration.listener().cookieSent();
    reply(datagram, message.header(), Notify.of(NotifyType.COOKIE, fresh));
    return false;
  }

  private static <P extends Payload> Optional<P> first(List<Payload> payloads, Class<P> type) {
    return payloads.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private void critical(Datagram datagram, UnsupportedCriticalPayloadException e, Instant now) {
    if (!unsolicited.permits(now)) {
      configuration.listener().dropped(DropReason.NOT_ANSWERED);
      return;
    }
    try {
      Header header = Header.read(datagram.payload());
      reply(
          datagram,
          header,
          Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.of((byte) e.payloadType())));
    } catch (MalformedException again) {
      configuration.listener().dropped(DropReason.MALFORMED);
    }
  }

  /// A message for an SPI that is none of ours: a request is told so (RFC 7296 §2.21.4).
  void stranger(Datagram datagram, Header header, Instant now) {
    configuration.listener().dropped(DropReason.UNKNOWN_SPI);
    if (!header.isResponse() && unsolicited.permits(now)) {
      reply(datagram, header, Notify.of(NotifyType.INVALID_IKE_SPI));
      configuration.listener().notified("sent", "INVALID_IKE_SPI");
    }
  }

  /// A message of another major version (RFC 7296 §2.5).
  void foreign(Datagram datagram, InvalidMajorVersionException e, Instant now) {
    configuration.listener().dropped(DropReason.OTHER_VERSION);
    if (e.majorVersion() > 2 && !e.header().isResponse() && unsolicited.permits(now)) {
      reply(datagram, e.header(), Notify.of(NotifyType.INVALID_MAJOR_VERSION));
      configuration.listener().notified("sent", "INVALID_MAJOR_VERSION");
    }
  }

  private void reply(Datagram to, Header request, Notify notify) {
    int initiator = request.fromInitiator() ? 0 : Header.INITIATOR;
    Header header =
        new Header(
            request.spiI(),
            request.spiR(),
            request.exchange(),
            Header.RESPONSE | initiator,
            request.messageId());
    byte[] octets = new Message(header, List.of(notify)).write();
    configuration
        .transport()
        .send(new Datagram(to.local(), to.localPort(), to.remote(), to.remotePort(), octets));
  }
}
