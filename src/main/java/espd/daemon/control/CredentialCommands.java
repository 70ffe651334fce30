package espd.daemon.control;

import espd.daemon.config.SharedSecret;
import espd.daemon.control.CredentialLoading.CertificateUse;
import espd.daemon.control.Operations.Outcome;
import espd.spd.KeyMaterial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The commands of vici that change secrets, keys, certificates and authorities. What IKE cannot
/// use is refused, and the answer says so.
///
/// @param loading does it
record CredentialCommands(CredentialLoading loading) {

  private static final String DATA = SectionCodec.DATA;
  private static final Set<String> KEYS = Set.of("any", "rsa", "ecdsa", "ed25519", "ed448");

  Map<String, ViciCommand> commands() {
    Map<String, ViciCommand> commands = new LinkedHashMap<>();
    commands.put("load-shared", (request, events) -> loadShared(request));
    commands.put("unload-shared", (request, events) -> named(request, "id", loading::unloadShared));
    commands.put("get-shared", (request, events) -> ViciAnswers.items("keys", loading.shared()));
    commands.put("load-cert", (request, events) -> loadCertificate(request));
    commands.put("load-key", (request, events) -> loadKey(request));
    commands.put("unload-key", (request, events) -> named(request, "id", loading::unloadKey));
    commands.put("get-keys", (request, events) -> ViciAnswers.items("keys", loading.keys()));
    commands.put("load-token", (request, events) -> refused(request, "tokens are not supported"));
    commands.put("load-authority", (request, events) -> loadAuthority(request));
    commands.put(
        "unload-authority", (request, events) -> named(request, "name", loading::unloadAuthority));
    commands.put(
        "get-authorities",
        (request, events) ->
            ViciAnswers.items(
                "authorities", loading.authorities().stream().map(each -> each.name()).toList()));
    commands.put("clear-creds", (request, events) -> ViciAnswers.of(loading.clear()));
    commands.put("flush-certs", (request, events) -> ViciAnswers.of(loading.flush()));
    return commands;
  }

  @FunctionalInterface
  private interface Named {
    Outcome act(String name);
  }

  private static Section named(Section request, String key, Named command) {
    return request
        .text(key)
        .map(name -> ViciAnswers.of(command.act(name)))
        .orElseGet(() -> ViciAnswers.refusal("missing " + key));
  }

  private Section loadShared(Section request) {
    String type = request.text("type").orElse("").toLowerCase(Locale.ROOT);
    Optional<SharedSecret.Kind> kind =
        switch (type) {
          case "ike" -> Optional.of(SharedSecret.Kind.PSK);
          case "eap" -> Optional.of(SharedSecret.Kind.EAP);
          case "ntlm" -> Optional.of(SharedSecret.Kind.NTLM);
          case "ppk" -> Optional.of(SharedSecret.Kind.PPK);
          default -> Optional.empty();
        };
    if (kind.isEmpty()) {
      return refused(request, "a secret of type '" + type + "' is not supported");
    }
    Optional<KeyMaterial> data = data(request);
    if (data.isEmpty()) {
      return refused(request, "missing data, or none in it");
    }
    List<String> owners = request.items("owners");
    String id = request.text("id").orElseGet(() -> String.join(" ", owners));
    return ViciAnswers.of(loading.loadShared(kind.get(), id, owners, data.get()));
  }

  private static Optional<KeyMaterial> data(Section request) {
    return request.secret(DATA).filter(data -> data.length() > 0);
  }

  private Section loadCertificate(Section request) {
    String type = request.text("type").orElse("X509").toUpperCase(Locale.ROOT);
    String flag = request.text("flag").orElse("NONE").toUpperCase(Locale.ROOT);
    Optional<CertificateUse> use =
        switch (type + " " + flag) {
          case "X509 NONE" -> Optional.of(CertificateUse.END);
          case "X509 CA" -> Optional.of(CertificateUse.AUTHORITY);
          case "PUBKEY NONE" -> Optional.of(CertificateUse.PUBLIC_KEY);
          default -> type.equals("X509_CRL") ? Optional.of(CertificateUse.CRL) : Optional.empty();
        };
    if (use.isEmpty()) {
      return refused(request, "a certificate of type " + type + " " + flag + " is not supported");
    }
    Optional<KeyMaterial> data = data(request);
    if (data.isEmpty()) {
      return refused(request, "missing data, or none in it");
    }
    try (KeyMaterial octets = data.get()) {
      return ViciAnswers.of(loading.loadCertificate(use.get(), octets.use(byte[]::clone)));
    }
  }

  private Section loadKey(Section request) {
    String type = request.text("type").orElse("any").toLowerCase(Locale.ROOT);
    Optional<KeyMaterial> data = data(request);
    if (!KEYS.contains(type) || data.isEmpty()) {
      return refused(request, "a private key of type " + type + ", or none at all");
    }
    Outcome outcome = loading.loadKey(data.get());
    return outcome.success()
        ? Section.builder().text("success", "yes").text("id", outcome.message()).build()
        : ViciAnswers.of(outcome);
  }

  private Section loadAuthority(Section request) {
    if (request.nodes().size() != 1) {
      return ViciAnswers.refusal("read " + request.nodes().size() + " sections, expected one");
    }
    String name = request.nodes().keySet().iterator().next();
    Section section = request.section(name).orElse(Section.EMPTY);
    return ViciAnswers.of(loading.loadAuthority(name, section.keys()));
  }

  /// Refuses a request whose secrets nobody will use.
  private static Section refused(Section request, String why) {
    request.nodes().keySet().forEach(name -> request.secret(name).ifPresent(KeyMaterial::close));
    return ViciAnswers.refusal(why);
  }
}
