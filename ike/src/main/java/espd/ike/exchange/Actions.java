package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.spd.Ipcomp;
import espd.spd.SaParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The actions of one step as they gather, with the lines of the log in strongSwan's words.
public final class Actions {

  private final Instant now;
  private final List<Action> list = new ArrayList<>();

  /// @param now the time of the event
  public Actions(Instant now) {
    this.now = now;
  }

  /// {@return the time of the event}
  public Instant now() {
    return now;
  }

  /// {@return the step to `next`}
  public Step then(IkeSaState next) {
    return new Step(next, list);
  }

  /// Adds an action.
  public void add(Action action) {
    list.add(action);
  }

  /// Adds actions.
  public void addAll(List<? extends Action> actions) {
    list.addAll(actions);
  }

  /// Tells people and meters.
  public void tell(Report report) {
    list.add(new Action.Tell(report));
  }

  /// One line of progress.
  public void progress(Connection connection, String line) {
    tell(new Report.Progress(connection.name(), line));
  }

  /// One line that a person should look at.
  public void warning(Connection connection, String line) {
    tell(new Report.Warning(connection.name(), line));
  }

  /// Sends a message that was just made, and says so.
  ///
  /// @param message with its payloads as they were before encryption
  void send(Connection connection, Message message, Datagram datagram) {
    generated(connection, message);
    sent(connection, datagram);
  }

  /// Says what a message of ours is, before it is encrypted and sent.
  void generated(Connection connection, Message message) {
    progress(connection, "generating " + message);
    notifies(Report.Sender.US, message.payloads());
  }

  /// Sends a message or a fragment of one, and says so.
  public void sent(Connection connection, Datagram datagram) {
    progress(connection, "sending packet: " + datagram);
    list.add(new Action.Send(datagram));
  }

  /// Sends what needs no line in the log.
  public void sendAgain(Datagram datagram) {
    list.add(new Action.Send(datagram));
  }

  /// Sends again what was sent before: a message or all its fragments.
  void sendAgain(Path path, List<Bytes> datagrams) {
    datagrams.forEach(octets -> sendAgain(path.datagram(octets.toArray())));
  }

  /// Says what came in the clear.
  void received(Connection connection, Datagram datagram, Message message) {
    came(connection, datagram);
    parsed(connection, message);
  }

  /// Says that something came.
  public void came(Connection connection, Datagram datagram) {
    progress(
        connection,
        "received packet: from %s[%d] to %s[%s] (%d bytes)"
            .formatted(
                datagram.remote(),
                datagram.remotePort(),
                datagram.local(),
                Datagram.portText(datagram.localPort()),
                datagram.payload().length));
  }

  /// Says what it was that came.
  ///
  /// @param message with its payloads as they are after decryption
  void parsed(Connection connection, Message message) {
    progress(connection, "parsed " + message);
    notifies(Report.Sender.PEER, message.payloads());
  }

  private void notifies(Report.Sender sender, List<Payload> payloads) {
    for (Payload payload : payloads) {
      if (payload instanceof Notify notify && notify.isError()) {
        tell(new Report.Notified(sender, NotifyType.name(notify.type())));
      }
    }
  }

  /// Says that an IKE SA is established, and when it is to be replaced.
  ///
  /// @param renewal how: `rekeying`, or `reauthentication`
  public void established(Standing fresh, String renewal) {
    Connection connection = fresh.peer().connection();
    Path path = fresh.path();
    progress(
        connection,
        "IKE_SA %s[%d] established between %s[%s]...%s[%s], SPIs %s %s, IKE:%s"
            .formatted(
                connection.name(),
                fresh.serial(),
                path.local(),
                fresh.peer().local(),
                path.remote(),
                fresh.peer().remote(),
                spi(fresh, Role.INITIATOR),
                spi(fresh, Role.RESPONDER),
                fresh.suiteText()));
    fresh
        .rekeyAt()
        .ifPresent(
            at -> progress(connection, "scheduling " + renewal + " in " + seconds(fresh, at)));
    fresh
        .endsAt()
        .ifPresent(at -> progress(connection, "maximum IKE_SA lifetime " + seconds(fresh, at)));
  }

  /// Says what stands between the ends of an IKE SA whose ESP goes in UDP.
  public void encapsulates(Connection connection, Nat nat) {
    if (!nat.any()) {
      progress(connection, "ESP in UDP is forced");
    } else if (nat.here()) {
      progress(connection, "local host is behind NAT, sending keep alives");
    } else {
      progress(connection, "remote host is behind NAT");
    }
  }

  /// An SPI as strongSwan prints it, ours with a star.
  private static String spi(Standing standing, Role whose) {
    return "%016x_%s%s"
        .formatted(
            whose == Role.INITIATOR ? standing.spiI() : standing.spiR(),
            whose == Role.INITIATOR ? "i" : "r",
            whose == standing.role() ? "*" : "");
  }

  private static String seconds(Standing standing, Instant then) {
    return Duration.between(standing.since(), then).toSeconds() + "s";
  }

  /// Says that a Child SA is established.
  ///
  /// @param replaced whose successor it is
  public void established(ChildSa child, Optional<ChildSa> replaced) {
    SaParameters inbound = child.inbound().parameters();
    SaParameters outbound = child.outbound().parameters();
    String name = child.connection().name();
    progress(
        child.connection(),
        "CHILD_SA %s{%d} established with SPIs %08x_i %08x_o and TS %s"
            .formatted(
                name,
                child.serial(),
                inbound.spi(),
                outbound.spi(),
                TrafficSelection.text(inbound.selectors())));
    progress(
        child.connection(),
        "%s{%d}: %s, %s%s, inbound %s outbound %s%s"
            .formatted(
                name,
                child.serial(),
                inbound.mode(),
                "ESP:" + inbound.suite() + (inbound.esn() ? "/EXT_SEQ" : "/NO_EXT_SEQ"),
                inbound.encapsulation().map(e -> " in " + e.carrier()).orElse(""),
                inbound.spiText(),
                outbound.spiText(),
                compressionLine(child)));
    tell(new Report.ChildUp(child, replaced));
  }

  /// Says that the peer has narrowed what was asked for, and would grant more (RFC 7296 §2.9).
  void narrowed(Connection connection, ChildProposal answer) {
    if (answer.further() == ChildProposal.Further.POSSIBLE) {
      progress(
          connection,
          "the peer narrowed the selectors to %s === %s, others need a CHILD_SA of their own"
              .formatted(TrafficSelection.ends(answer.tsi()), TrafficSelection.ends(answer.tsr())));
    }
  }

  private static String compressionLine(ChildSa child) {
    Optional<Ipcomp> inbound = child.inbound().parameters().ipcomp();
    Optional<Ipcomp> outbound = child.outbound().parameters().ipcomp();
    if (inbound.isPresent() && outbound.isPresent()) {
      return ", IPCOMP CPIs %04x_i %04x_o".formatted(inbound.get().cpi(), outbound.get().cpi());
    }
    return child.connection().compression() == Connection.Compression.NONE
        ? ""
        : ", without IPComp, which the peer does not want";
  }

  /// Counts a datagram that was of no use.
  public void dropped(DropReason why) {
    tell(new Report.Dropped(why));
  }

  /// Counts the end of an exchange.
  public void exchanged(Header header, Role asker, Result result) {
    tell(new Report.Exchanged(header.exchangeName(), asker, result.text));
  }

  /// How an exchange ends.
  public enum Result {
    /// As it was asked for.
    OK("ok"),
    /// With an error.
    REFUSED("refused"),
    /// Without an answer.
    TIMEOUT("timeout"),
    /// With something that cannot be read.
    MALFORMED("malformed");

    private final String text;

    Result(String text) {
      this.text = text;
    }
  }
}
