package espd.daemon.config;

import espd.ike.IkeVersion;
import espd.ike.IkeVersion.One;
import espd.ike.IkeVersion.Phase1Mode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which version of IKE a connection speaks: `keyexchange`, libreswan's `ikev2`, and where both are
/// silent what the file's own program meant. A file with a `version` line is pluto's, for which
/// `keyexchange=ike` and nothing at all are IKEv1; any other is of strongSwan 5 or libreswan 4,
/// which mean IKEv2.
final class VersionReader {

  /// What pluto takes for granted and strongSwan does not.
  private static final Map<String, String> OF_PLUTO =
      Map.of("pfs", "yes", "ikelifetime", "1h", "lifetime", "8h", "keyingtries", "%forever");

  private final Settings settings;
  private final Findings findings;

  VersionReader(Settings settings, Findings findings) {
    this.settings = settings;
    this.findings = findings;
  }

  /// {@return the version; the settings have the defaults of pluto from now on where it is pluto's}
  IkeVersion read() throws Unreadable {
    Optional<Value> aggressive = settings.value("aggrmode");
    boolean asksForAggressive = aggressive.isPresent() && Units.truth(aggressive.get());
    if (!isOne(asksForAggressive)) {
      if (asksForAggressive) {
        throw new Unreadable(
            aggressive.get().place(),
            aggressive.get().quoted() + " (aggressive mode belongs to IKEv1)",
            "aggrmode=no, or keyexchange=ikev1");
      }
      return IkeVersion.TWO;
    }
    if (isPlutos()) {
      OF_PLUTO.forEach(settings::putUnlessSaid);
    }
    Optional<Value> natTraversal = settings.value("nat_traversal");
    return new One(
        List.of(asksForAggressive ? Phase1Mode.AGGRESSIVE : Phase1Mode.MAIN),
        IkeVersion.ONE.check(),
        natTraversal.isEmpty() || Units.truth(natTraversal.get()),
        IkeVersion.ONE.initialContact());
  }

  private boolean isPlutos() {
    return settings.value(ConfFile.VERSION).isPresent();
  }

  private boolean isOne(boolean aggressive) throws Unreadable {
    Optional<Value> exchange = settings.value("keyexchange");
    Optional<Boolean> said = ikev2();
    return switch (exchange.map(Value::lower).orElse("")) {
      case "ikev2" -> {
        require(said.orElse(true), exchange.orElseThrow());
        yield false;
      }
      case "ikev1", "isakmp", "oakley" -> {
        require(!said.orElse(false), exchange.orElseThrow());
        yield true;
      }
      case "ike", "" -> said.map(two -> !two).orElseGet(() -> isPlutos() || aggressive || usual());
      default -> throw new Unreadable(exchange.orElseThrow(), "ikev1, ikev2 or ike");
    };
  }

  private void require(boolean fits, Value exchange) throws Unreadable {
    if (!fits) {
      Value ikev2 = settings.value("ikev2").orElseThrow();
      throw new Unreadable(
          ikev2.place(),
          "ikev2=" + ikev2.text() + " against keyexchange=" + exchange.text(),
          "no ikev2= beside keyexchange=");
    }
  }

  /// {@return whether libreswan's key asks for IKEv2}
  private Optional<Boolean> ikev2() throws Unreadable {
    Optional<Value> value = settings.value("ikev2");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return switch (value.get().lower()) {
      case "insist", "always", "yes", "propose" -> Optional.of(true);
      case "no", "never" -> Optional.of(false);
      case "permit" -> {
        findings.warn(value.get().place(), "ikev2=permit is IKEv1 here, also for the peer");
        yield Optional.of(false);
      }
      default -> throw new Unreadable(value.get(), "insist, propose, permit or no");
    };
  }

  private boolean usual() {
    findings.warn(
        settings.value("keyexchange").orElse(settings.name()).place(),
        "connection "
            + settings.name()
            + " says keyexchange=ike or nothing, which is IKEv2 as in strongSwan 5;"
            + " write keyexchange=ikev2, or ikev1 if Openswan reads this file at the peer");
    return false;
  }
}
