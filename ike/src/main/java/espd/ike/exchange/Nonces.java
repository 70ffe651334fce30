package espd.ike.exchange;

import espd.ike.message.Bytes;
import java.util.Arrays;

/// The order of nonces that decides simultaneous rekeying (RFC 7296 §2.8.1): octet by octet, and
/// where one is the beginning of the other the shorter is lower.
final class Nonces {

  private Nonces() {}

  static boolean isLower(Bytes nonce, Bytes than) {
    return Arrays.compareUnsigned(nonce.toArray(), than.toArray()) < 0;
  }

  static Bytes lower(Bytes one, Bytes other) {
    return isLower(one, other) ? one : other;
  }
}
