package espd.daemon.config;

import java.util.Optional;

/// Which version of IKE a connection asks for: `keyexchange` of strongSwan, `ikev2` of libreswan.
final class KeyExchangeVersion {

  private KeyExchangeVersion() {}

  /// Says what is wrong with one that is not IKEv2.
  static void requireIkev2(Settings settings, Findings findings) {
    Optional<Value> exchange = settings.value("keyexchange");
    Optional<Value> ikev2 = settings.value("ikev2");
    String asks = "connection " + settings.name() + ", which asks for IKEv1 (not supported yet)";
    Place place = ikev2.or(() -> exchange).orElse(settings.name()).place();
    String version = ikev2.map(Value::lower).orElse("");
    switch (exchange.map(Value::lower).orElse("")) {
      case "ikev2" -> {
        if (version.equals("no") || version.equals("never")) {
          findings.problem(place, asks + " against keyexchange=ikev2", "no ikev2=" + version);
        }
      }
      case "ikev1", "isakmp", "oakley" ->
          findings.problem(exchange.orElseThrow().place(), asks, "keyexchange=ikev2");
      case "ike", "" -> {
        switch (version) {
          case "insist", "always", "yes", "propose" -> {}
          case "no", "never", "permit" -> findings.problem(place, asks, "ikev2=insist");
          case "" -> {
            if (exchange.isEmpty()) {
              findings.problem(place, asks, "keyexchange=ikev2 in it");
            } else {
              findings.warn(place, "keyexchange=ike is IKEv2 here; write keyexchange=ikev2");
            }
          }
          default ->
              findings.problem(place, "\"" + version + "\"", "insist, propose, permit or no");
        }
      }
      default ->
          findings.problem(
              exchange.orElseThrow().place(), exchange.orElseThrow().quoted(), "ikev2");
    }
  }
}
