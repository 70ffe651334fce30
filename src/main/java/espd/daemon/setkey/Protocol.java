package espd.daemon.setkey;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The protocols of SAs and of policies' rules, by setkey's names.
public enum Protocol {
  /// ESP (RFC 4303).
  ESP,
  /// AH (RFC 4302), which we do not have.
  AH,
  /// ESP of 1995 (RFC 1827).
  ESP_OLD,
  /// AH of 1995 (RFC 1826).
  AH_OLD,
  /// ESP in UDP (RFC 3948).
  ESP_UDP,
  /// IP payload compression (RFC 3173).
  IPCOMP,
  /// Signed TCP segments (RFC 2385).
  TCP;

  /// {@return the protocol of that name, or nothing}
  static Optional<Protocol> named(String name) {
    return Arrays.stream(values()).filter(each -> each.toString().equals(name)).findFirst();
  }

  /// {@return setkey's name}
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
