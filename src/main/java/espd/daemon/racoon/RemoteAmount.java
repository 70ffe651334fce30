package espd.daemon.racoon;

import espd.daemon.config.Handling;
import java.util.Arrays;
import java.util.Optional;

/// The statements of a `remote` that give a number: its range, and what espd does about it.
@SuppressWarnings("ImmutableEnumChecker") // nobody changes what these hold
enum RemoteAmount {
  NONCE_SIZE("nonce_size", 8, 256, Handling.ignored("nonces have the length that their PRF wants")),
  ESP_FRAG(
      "esp_frag",
      0,
      65_535,
      Handling.ignored("packets are made to fit the path (RFC 4301 §8), not cut by a number")),
  /// Seconds that a peer may be silent before it is asked; 0 never asks.
  DPD_DELAY("dpd_delay", 0, 86_400, Handling.applied()),
  DPD_RETRY(
      "dpd_retry",
      0,
      86_400,
      Handling.ignored("a question is repeated as every other message").unless("5")),
  DPD_MAXFAIL(
      "dpd_maxfail",
      0,
      10_000,
      Handling.ignored("a question is repeated as every other message").unless("5")),
  /// Which `sainfo` with a `remoteid` are for this one.
  PH1ID("ph1id", 0, Integer.MAX_VALUE, Handling.applied());

  private final String keyword;
  private final int least;
  private final int most;
  private final Handling handling;

  RemoteAmount(String keyword, int least, int most, Handling handling) {
    this.keyword = keyword;
    this.least = least;
    this.most = most;
    this.handling = handling;
  }

  String keyword() {
    return keyword;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  Handling handling() {
    return handling;
  }

  static Optional<RemoteAmount> of(String keyword) {
    return Arrays.stream(values()).filter(each -> each.keyword.equals(keyword)).findFirst();
  }
}
