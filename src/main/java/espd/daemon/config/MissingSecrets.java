package espd.daemon.config;

import espd.ike.Connection;
import espd.ike.Proofs;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.pki.Subject;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/// Warns about connections that cannot come up for want of a secret or a private key, in the words
/// of the file that should have it.
///
/// @param credentials all there are
/// @param swanctl the file, where it is a `swanctl.conf`
/// @param findings told
record MissingSecrets(Secrets credentials, Optional<Path> swanctl, Findings findings) {

  void lookFor(Connection connection) {
    Proofs proofs = connection.proofs();
    proofs.shown().stream()
        .distinct()
        .forEach(rule -> rule.key().ifPresent(own -> key(connection, rule, own)));
    if (connection.remoteId().isPresent()
        && List.of(proofs.local(), proofs.remote()).contains(new Proof.SharedKey())) {
      sharedKey(connection);
    }
  }

  private void key(Connection connection, SignatureRule rule, PublicKey own) {
    if (!credentials.keychain().keys().containsKey(own)) {
      String whose =
          rule.certificates().stream()
              .findFirst()
              .map(certificate -> new Subject(certificate).toString())
              .orElseGet(() -> connection.localId().toString());
      warn(
          "no private key for connection %s: ".formatted(connection.name()),
          "%s : RSA|ECDSA|PKCS8 FILE is missing".formatted(whose),
          "that of %s is missing in private, rsa, ecdsa and pkcs8".formatted(whose));
    }
  }

  private void sharedKey(Connection connection) {
    String local = connection.localId().toString();
    String remote = connection.remoteId().orElseThrow().toString();
    if (credentials
        .preSharedKey(connection.localId(), connection.remoteId().orElseThrow())
        .isEmpty()) {
      warn(
          "no secret for connection %s: ".formatted(connection.name()),
          "%s %s : PSK \"…\" is missing".formatted(local, remote),
          "ike-… { id-1 = %s, id-2 = %s, secret = … } is missing".formatted(local, remote));
    }
  }

  private void warn(String what, String inSecrets, String inSwanctl) {
    findings.warn(
        Place.of(swanctl.orElse(Path.of("ipsec.secrets"))),
        what + (swanctl.isPresent() ? inSwanctl : inSecrets));
  }
}
