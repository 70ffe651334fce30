package espd.ike.driver;

import espd.ike.crypto.Prf;
import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Stateless cookies: proof that a peer receives at the address it sends from (RFC 7296 §2.6):
/// `Cookie = <VersionIDofSecret> | Hash(Ni | IPi | SPIi | <secret>)`, the hash keyed with the
/// secret. For the event loop.
final class Cookies {

  /// A secret serves as long, and is recognised as long again.
  static final Duration SECRET_LIFETIME = Duration.ofMinutes(1);

  private static final int SECRET_OCTETS = 32;

  private final SecureRandom random;
  private Instant since;
  private byte version;
  private byte[] secret;
  private byte[] secretBefore;
  private boolean given;
  private boolean givenBefore;

  Cookies(SecureRandom random, Instant now) {
    this.random = random;
    this.since = now;
    this.secret = fresh();
    this.secretBefore = fresh();
  }

  private byte[] fresh() {
    byte[] octets = new byte[SECRET_OCTETS];
    random.nextBytes(octets);
    return octets;
  }

  /// {@return the cookie for this peer and request}
  Bytes cookie(Bytes ni, Ipv6Address initiator, long spiI, Instant now) {
    rotate(now);
    given = true;
    return cookie(version, secret, hashed(ni, initiator, spiI));
  }

  /// {@return what this peer and request may have been given not long ago: nothing while nobody is
  /// given any}
  List<Bytes> given(Bytes ni, Ipv6Address initiator, long spiI, Instant now) {
    rotate(now);
    List<Bytes> cookies = new ArrayList<>();
    byte[] hashed = hashed(ni, initiator, spiI);
    if (given) {
      cookies.add(cookie(version, secret, hashed));
    }
    if (givenBefore) {
      cookies.add(cookie((byte) (version - 1), secretBefore, hashed));
    }
    return cookies;
  }

  /// {@return whether `cookie` is one we gave for this peer and request not long ago}
  boolean recognises(Bytes cookie, Bytes ni, Ipv6Address initiator, long spiI, Instant now) {
    rotate(now);
    byte[] hashed = hashed(ni, initiator, spiI);
    byte[] given = cookie.toArray();
    return MessageDigest.isEqual(given, cookie(version, secret, hashed).toArray())
        || MessageDigest.isEqual(
            given, cookie((byte) (version - 1), secretBefore, hashed).toArray());
  }

  private static byte[] hashed(Bytes ni, Ipv6Address initiator, long spiI) {
    byte[] nonce = ni.toArray();
    byte[] all = Arrays.copyOf(nonce, nonce.length + Ipv6Address.OCTETS + Long.BYTES);
    System.arraycopy(initiator.octets(), 0, all, nonce.length, Ipv6Address.OCTETS);
    byte[] spi = Bytes.ofLong(spiI).toArray();
    System.arraycopy(spi, 0, all, nonce.length + Ipv6Address.OCTETS, Long.BYTES);
    return all;
  }

  private static Bytes cookie(byte version, byte[] secret, byte[] hashed) {
    byte[] hash = Prf.HMAC_SHA2_256.apply(secret, hashed);
    byte[] cookie = new byte[1 + hash.length];
    cookie[0] = version;
    System.arraycopy(hash, 0, cookie, 1, hash.length);
    return Bytes.of(cookie);
  }

  private void rotate(Instant now) {
    while (!now.isBefore(since.plus(SECRET_LIFETIME))) {
      boolean longAgo = !now.isBefore(since.plus(SECRET_LIFETIME.multipliedBy(2)));
      secretBefore = longAgo ? fresh() : secret;
      givenBefore = !longAgo && given;
      given = false;
      secret = fresh();
      version++;
      since = longAgo ? now : since.plus(SECRET_LIFETIME);
    }
  }
}
