package espd.ike.exchange;

import espd.ike.crypto.TicketKey;
import espd.ike.message.Bytes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/// The tickets that a responder gives (RFC 5723 §6): "by value", so that it keeps nothing of them
/// but the keys they are sealed with, in memory alone, and which have been used: each ticket is
/// taken once (RFC 5723 §4.3.1), a bit each. For the event loop.
///
/// A key seals for as long as a ticket lives at the longest, and is kept for as long again; but no
/// more than two are kept, and a key seals so many tickets and no more. Who asks for more makes old
/// tickets worth nothing, which costs their owners an IKE_SA_INIT.
public final class Tickets {

  /// No ticket lives longer.
  static final Duration LONGEST = Duration.ofHours(24);

  /// No ticket is longer: with all else its message is to fit a packet (RFC 5723 §4.3.2).
  static final int MOST_OCTETS = 900;

  /// How many tickets a key seals: as many bits tell which are used.
  private static final int MOST_OF_A_KEY = 1 << 20;

  /// A key, and what has become of its tickets.
  private static final class Epoch {
    private final TicketKey key;
    private final BitSet used = new BitSet();
    private final Instant sealsUntil;
    private int given;
    private Instant keptUntil;

    private Epoch(SecureRandom random, Instant at) {
      this.key = new TicketKey(random);
      this.sealsUntil = at.plus(LONGEST);
      this.keptUntil = sealsUntil.plus(LONGEST);
    }
  }

  private final SecureRandom random;
  private final int mostOfAKey;
  private Optional<Epoch> now = Optional.empty();
  private Optional<Epoch> before = Optional.empty();

  /// @param random where keys are drawn from
  public Tickets(SecureRandom random) {
    this(random, MOST_OF_A_KEY);
  }

  Tickets(SecureRandom random, int mostOfAKey) {
    this.random = random;
    this.mostOfAKey = mostOfAKey;
  }

  /// {@return the octets of a ticket; nothing when it is too long}
  Optional<Bytes> seal(Ticket ticket, Instant at) {
    rotate(at);
    Epoch epoch = now.filter(e -> e.given < mostOfAKey).orElseGet(() -> next(at));
    byte[] content = ticket.write();
    Bytes sealed = epoch.key.seal(epoch.given++, content);
    Arrays.fill(content, (byte) 0);
    return Optional.of(sealed).filter(octets -> octets.length() <= MOST_OCTETS);
  }

  private Epoch next(Instant at) {
    Epoch fresh = new Epoch(random, at);
    now.ifPresent(full -> retire(full, at.plus(LONGEST)));
    now = Optional.of(fresh);
    return fresh;
  }

  private void retire(Epoch old, Instant until) {
    before.ifPresent(older -> older.key.close());
    old.keptUntil = until;
    before = Optional.of(old);
    now = Optional.empty();
  }

  /// What a ticket is that somebody presents.
  sealed interface Presented {

    /// One of ours.
    record Good(Ticket ticket, TicketKey.Serial serial) implements Presented {}

    /// None that is taken.
    record Bad(String why) implements Presented {}
  }

  /// {@return what a ticket is; what is made up by strangers costs a lookup, or an AES-GCM of the
  /// length of a ticket}
  Presented open(Bytes octets, Instant at) {
    rotate(at);
    Optional<TicketKey.Serial> serial = TicketKey.Serial.of(octets);
    Optional<Epoch> epoch = serial.flatMap(this::epoch);
    if (serial.isEmpty() || epoch.isEmpty() || octets.length() > MOST_OCTETS) {
      return new Presented.Bad("no key of ours has sealed it");
    }
    if (epoch.get().used.get(serial.get().number())) {
      return new Presented.Bad("it has been used");
    }
    Optional<byte[]> content = epoch.get().key.open(octets);
    if (content.isEmpty()) {
      return new Presented.Bad("it is not as it was sealed");
    }
    Ticket ticket = Ticket.read(content.get());
    Arrays.fill(content.get(), (byte) 0);
    if (!ticket.until().isAfter(at)) {
      ticket.close();
      return new Presented.Bad("it has expired");
    }
    return new Presented.Good(ticket, serial.get());
  }

  private Optional<Epoch> epoch(TicketKey.Serial serial) {
    return now.filter(e -> e.key.id() == serial.key())
        .or(() -> before.filter(e -> e.key.id() == serial.key()))
        .filter(e -> serial.number() >= 0 && serial.number() < e.given);
  }

  /// Takes a ticket that has been opened: an IKE SA comes of it (RFC 5723 §4.3.1).
  ///
  /// @return whether it was there to be taken
  boolean use(TicketKey.Serial serial) {
    Optional<Epoch> epoch = epoch(serial).filter(e -> !e.used.get(serial.number()));
    epoch.ifPresent(e -> e.used.set(serial.number()));
    return epoch.isPresent();
  }

  /// Forgets keys whose tickets have all expired.
  private void rotate(Instant at) {
    now.filter(epoch -> !at.isBefore(epoch.sealsUntil))
        .ifPresent(epoch -> retire(epoch, epoch.keptUntil));
    Optional<Epoch> gone = before.filter(epoch -> !at.isBefore(epoch.keptUntil));
    gone.ifPresent(
        epoch -> {
          epoch.key.close();
          before = Optional.empty();
        });
  }
}
