package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Cookies (RFC 7296 §2.6): of one request of one peer, and for a while.
final class CookiesTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LIFETIME = Cookies.SECRET_LIFETIME;
  private static final Bytes NI = Bytes.of(new byte[32]);
  private static final Ipv6Address PEER = Ipv6Address.parse("2001:db8::2");

  private final Cookies cookies = new Cookies(new SecureRandom(), NOW);
  private final Bytes cookie = cookies.cookie(NI, PEER, 7, NOW);

  private boolean isRecognised(Bytes given, Instant when) {
    return cookies.recognises(given, NI, PEER, 7, when);
  }

  @Test
  void aCookieIsOfOneRequestOfOnePeer() {
    assertTrue(cookie.length() >= 1 && cookie.length() <= 64);
    assertTrue(isRecognised(cookie, NOW));
    assertEquals(cookie, cookies.cookie(NI, PEER, 7, NOW), "nothing is kept of a peer");
    Bytes otherNi = Bytes.of(new byte[31]);
    Ipv6Address neighbour = Ipv6Address.parse("2001:db8::3");
    assertFalse(cookies.recognises(cookie, otherNi, PEER, 7, NOW));
    assertFalse(cookies.recognises(cookie, NI, neighbour, 7, NOW));
    assertFalse(cookies.recognises(cookie, NI, PEER, 8, NOW));
    assertFalse(new Cookies(new SecureRandom(), NOW).recognises(cookie, NI, PEER, 7, NOW));
  }

  @Test
  void whatIsNoCookieOfOursIsNone() {
    byte[] octets = cookie.toArray();
    for (int i = 0; i < octets.length; i++) {
      byte[] changed = octets.clone();
      changed[i] ^= 1;
      assertFalse(isRecognised(Bytes.of(changed), NOW));
      assertFalse(isRecognised(Bytes.of(octets, 0, i), NOW));
    }
    assertFalse(isRecognised(Bytes.ofHex(cookie + "00"), NOW));
    assertFalse(isRecognised(Bytes.of(new byte[65_000]), NOW));
  }

  /// RFC 7296 §2.6: the secret changes, and the one before is known a while longer.
  @Test
  void aCookieIsGoodForAWhile() {
    assertTrue(isRecognised(cookie, NOW.plus(LIFETIME)));
    assertNotEquals(cookie, cookies.cookie(NI, PEER, 7, NOW.plus(LIFETIME)), "another secret");
    assertTrue(isRecognised(cookie, NOW.plus(LIFETIME.multipliedBy(2)).minusMillis(1)));
    assertFalse(isRecognised(cookie, NOW.plus(LIFETIME.multipliedBy(2))));
  }

  /// A responder knows what it may have asked an initiator for, while that may come still.
  @Test
  void whatMayHaveBeenGivenIsKnownForAWhile() {
    Instant later = NOW.plus(LIFETIME);
    assertEquals(List.of(cookie), cookies.given(NI, PEER, 7, NOW));
    assertEquals(List.of(cookie), cookies.given(NI, PEER, 7, later), "of the secret before");
    Bytes another = cookies.cookie(NI, PEER, 7, later);
    assertEquals(List.of(another, cookie), cookies.given(NI, PEER, 7, later));
    assertEquals(List.of(another), cookies.given(NI, PEER, 7, later.plus(LIFETIME)));
    assertEquals(List.of(), cookies.given(NI, PEER, 7, NOW.plus(Duration.ofDays(1))));
  }

  @Test
  void afterALongSilenceNoneIsGood() {
    assertFalse(isRecognised(cookie, NOW.plus(Duration.ofDays(1))));
    assertFalse(isRecognised(cookie, NOW.plus(LIFETIME.multipliedBy(256))), "of the same version");
  }
}
