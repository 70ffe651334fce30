package espd.daemon.config;

import espd.ike.EapType;
import espd.ike.PpkRule;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.eap.Identities;
import espd.ike.message.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the ends of a connection prove who they are: `authby`, or `leftauth` and `rightauth` with
/// `eap_identity` and `aaa_identity`; and the postquantum preshared key besides, as libreswan
/// (`ppk`, `ppk-ids`) and swanctl.conf (`ppk_id`, `ppk_required`) name it.
final class ProofsReader {

  private final Settings settings;
  private final SignatureReader signatures;
  private final Findings findings;

  ProofsReader(Settings settings, SignatureReader signatures, Findings findings) {
    this.settings = settings;
    this.signatures = signatures;
    this.findings = findings;
  }

  /// What each end does.
  record Ends(Proof left, Proof right, Optional<PpkRule> ppk) {

    /// {@return how we prove ourselves, and how the peer has to}
    Proofs of(Endpoints ends) {
      boolean leftIsOurs = ends.local().side().equals("left");
      return leftIsOurs ? new Proofs(left, right) : new Proofs(right, left);
    }
  }

  Ends read() throws Unreadable {
    Optional<Value> right = settings.value("right", "auth");
    Ends ends = new Ends(proof("left"), proof("right"), ppk());
    if (ends.left() instanceof Proof.Eap && ends.right() instanceof Proof.Eap) {
      throw new Unreadable(
          right.orElseThrow(), "psk, as one end has to prove itself before the other uses EAP");
    }
    return ends;
  }

  private Proof proof(String side) throws Unreadable {
    Optional<Value> auth = settings.value(side, "auth");
    if (auth.isPresent()) {
      return switch (auth.get().lower()) {
        case "psk", "secret" -> new Proof.SharedKey();
        case "eap", "eap-mschapv2" -> new Proof.Eap(List.of(EapType.MSCHAPV2), identity());
        case "eap-tls" -> new Proof.Eap(List.of(EapType.TLS), identity(), tls(side));
        default -> signatures.named(side, auth.get());
      };
    }
    Optional<Value> authby = settings.value("authby");
    if (authby.isEmpty()) {
      return signatures.any(side);
    }
    List<Value> methods = authby.get().split("|,");
    if (methods.stream().noneMatch(method -> method.lower().matches("secret|psk"))) {
      return signatures.usual(side, authby.get());
    }
    if (methods.size() > 1 && side.equals("left")) {
      findings.warn(authby.get().place(), "authby=" + authby.get() + " is authby=secret here");
    }
    return new Proof.SharedKey();
  }

  private EapIdentity identity() {
    Optional<Value> identity = settings.value("eap_identity");
    if (identity.isEmpty()) {
      return new EapIdentity.OfIke();
    }
    return identity.get().lower().matches("%(any|identity)")
        ? new EapIdentity.Asked()
        : new EapIdentity.Named(Identities.octets(identity.get().text()));
  }

  /// @param side of the end that proves itself by EAP
  private Proofs.Tls tls(String side) throws Unreadable {
    Optional<Value> server =
        settings.value("aaa_identity").filter(each -> !SharedSecret.isAnybody(each));
    return new Proofs.Tls(
        signatures.rule(side),
        signatures.rule(side.equals("left") ? "right" : "left"),
        server.isPresent()
            ? Optional.of(espd.daemon.config.Identities.read(server.get()))
            : Optional.empty());
  }

  private Optional<PpkRule> ppk() throws Unreadable {
    Optional<Value> use = settings.value("ppk");
    Optional<Value> named = settings.value("ppk-ids").or(() -> settings.value("ppk_id"));
    Optional<Value> required = settings.value("ppk_required");
    boolean insist = required.isPresent() && Units.truth(required.get());
    boolean wanted = named.isPresent() || insist;
    if (use.isPresent()) {
      switch (use.get().lower()) {
        case "no", "never" -> {
          return Optional.empty();
        }
        case "yes", "propose", "permit" -> wanted = true;
        case "insist" -> {
          wanted = true;
          insist = true;
        }
        default -> throw new Unreadable(use.get(), "no, propose or insist");
      }
    }
    return wanted ? Optional.of(new PpkRule(ids(named), insist)) : Optional.empty();
  }

  private static List<Bytes> ids(Optional<Value> named) {
    List<Bytes> ids = new ArrayList<>();
    for (Value each : named.map(value -> value.split(", ")).orElse(List.of())) {
      if (!each.text().isEmpty()) {
        ids.add(Identities.octets(each.text().replaceFirst("^@", "")));
      }
    }
    return ids;
  }
}
