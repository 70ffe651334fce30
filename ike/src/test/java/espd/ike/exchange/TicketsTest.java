package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.EapType;
import espd.ike.Identity;
import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.Prf;
import espd.ike.message.Bytes;
import espd.spd.Encryption;
import espd.spd.Integrity;
import espd.spd.KeyMaterial;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What becomes of a responder's tickets (RFC 5723 §4.3.1, §6).
final class TicketsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration DAY = Tickets.LONGEST;

  private final Tickets tickets = new Tickets(new SecureRandom(), 2);

  private static Ticket ticket(String name, Instant until) {
    IkeSuite suite =
        new IkeSuite(
            Encryption.AES_CBC,
            256,
            Integrity.HMAC_SHA2_256_128,
            Prf.HMAC_SHA2_256,
            KeyExchangeMethod.CURVE_25519,
            List.of(new AdditionalKeyExchange(1, KeyExchangeMethod.ML_KEM_768)));
    return new Ticket(
        name,
        -7,
        Identity.ofName("gateway.example"),
        Identity.ofName("carol@example"),
        Optional.of(new Peer.EapIdentified(EapType.TLS, Bytes.ofHex("3000"))),
        START.minusSeconds(9),
        until,
        suite,
        KeyMaterial.copyOf(new byte[] {1, 2, 3}));
  }

  private Bytes given(Instant at) {
    return tickets.seal(ticket("net", at.plus(DAY)), at).orElseThrow();
  }

  private Tickets.Presented.Good good(Bytes ticket, Instant at) {
    return assertInstanceOf(Tickets.Presented.Good.class, tickets.open(ticket, at));
  }

  private void assertBad(String why, Bytes ticket, Instant at) {
    assertEquals(new Tickets.Presented.Bad(why), tickets.open(ticket, at));
  }

  @Test
  void aTicketSaysWhatWasPutIntoIt() {
    Ticket before = ticket("net", START.plus(DAY));
    Ticket after = good(tickets.seal(before, START).orElseThrow(), START).ticket();
    assertEquals(before.connection(), after.connection());
    assertEquals(before.configured(), after.configured());
    assertEquals(before.local(), after.local());
    assertEquals(before.remote(), after.remote());
    assertEquals(before.eap(), after.eap());
    assertEquals(before.provenAt(), after.provenAt());
    assertEquals(before.until(), after.until());
    assertEquals(before.suite(), after.suite());
    assertEquals(Bytes.ofHex("010203"), after.skD().use(Bytes::of));
  }

  @Test
  void oneOctetThatDiffersMakesItWorthNothing() {
    byte[] octets = given(START).toArray();
    for (int i = 0; i < octets.length; i++) {
      byte[] other = octets.clone();
      other[i] ^= 0x40;
      assertInstanceOf(Tickets.Presented.Bad.class, tickets.open(Bytes.of(other), START));
    }
    for (int length = 0; length < octets.length; length++) {
      Bytes cut = Bytes.of(octets, 0, length);
      assertInstanceOf(Tickets.Presented.Bad.class, tickets.open(cut, START));
    }
    assertBad("no key of ours has sealed it", Bytes.of(new byte[5000]), START);
  }

  @Test
  void noTwoTicketsLookAlike() {
    assertNotEquals(given(START), given(START));
  }

  @Test
  void aTicketIsUsedOnce() {
    Bytes one = given(START);
    Bytes other = given(START);
    var serial = good(one, START).serial();
    good(one, START); // shown again before it is used
    assertTrue(tickets.use(serial));
    assertFalse(tickets.use(serial));
    assertBad("it has been used", one, START);
    good(other, START);
  }

  @Test
  void aTicketExpires() {
    Bytes ticket = tickets.seal(ticket("net", START.plusSeconds(60)), START).orElseThrow();
    good(ticket, START.plusSeconds(59));
    assertBad("it has expired", ticket, START.plusSeconds(60));
  }

  /// A key seals for a day, and is known for another.
  @Test
  void theTicketsOfAKeyOutliveIt() {
    Bytes first = given(START);
    Instant nearlyADay = START.plus(DAY).minusSeconds(1);
    Bytes last = given(nearlyADay);
    Instant laterOn = START.plus(DAY).plusSeconds(1);
    Bytes next = given(laterOn);
    assertBad("it has expired", first, laterOn);
    good(last, laterOn);
    Instant muchLater = nearlyADay.plus(DAY).minusSeconds(1);
    good(last, muchLater);
    good(next, muchLater);
    assertBad("no key of ours has sealed it", last, START.plus(DAY.multipliedBy(2)));
    good(next, START.plus(DAY.multipliedBy(2)));
  }

  /// After a time without any tickets the key of before is still known.
  @Test
  void aPauseForgetsNothingTooSoon() {
    Bytes last = given(START.plus(DAY).minusSeconds(1));
    Instant afterAPause = START.plus(DAY).plusSeconds(9000);
    tickets.open(last, afterAPause);
    Bytes next = given(afterAPause);
    good(last, afterAPause);
    good(next, afterAPause);
  }

  /// More tickets than a key seals make another key, and the oldest tickets worth nothing: memory
  /// is bounded, and no ticket is taken twice.
  @Test
  void noMoreThanTwoKeysAreKept() {
    Bytes first = given(START);
    Bytes second = given(START);
    Bytes third = given(START);
    good(first, START);
    good(second, START);
    given(START);
    given(START);
    assertBad("no key of ours has sealed it", first, START);
    good(third, START);
  }

  /// What would not fit a packet with all that goes with it is not given (RFC 5723 §4.3.2).
  @Test
  void aTicketHasBounds() {
    assertEquals(Optional.empty(), tickets.seal(ticket("n".repeat(900), START.plus(DAY)), START));
  }
}
