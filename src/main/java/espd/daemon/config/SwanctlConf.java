package espd.daemon.config;

import espd.daemon.config.SwanctlFile.Section;
import espd.daemon.config.SwanctlFile.Text;
import espd.ike.Identity;
import espd.spd.KeyMaterial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A `swanctl.conf` and what it includes: connections, and the secrets for them.
final class SwanctlConf {

  private final Findings findings;
  private final SwanctlParser parser;
  private final Section root;

  /// Reads a file.
  ///
  /// @param file its name
  /// @param octets what it holds, wiped by [#wipe()]
  /// @param findings told what is wrong
  SwanctlConf(Path file, byte[] octets, Findings findings) {
    this.findings = findings;
    this.parser = new SwanctlParser(file, findings);
    parser.read(file, octets);
    this.root = parser.root().resolved(parser.root(), findings);
  }

  /// Puts the connections into `reader`.
  void connections(ConnReader reader) {
    for (Value key : root.keys()) {
      findings.problem(key.place(), "a key outside of all sections: " + key, "a section");
    }
    part("connections")
        .sections()
        .forEach(
            (name, section) ->
                new SwanctlReader(
                        name, SwanctlKeys.ofFile("connections." + name, section), reader, findings)
                    .read());
    refuse("pools", "handing out addresses is not supported yet");
    refuse("authorities", "certificates are not supported yet");
  }

  private Section part(String name) {
    return Optional.ofNullable(root.sections().get(name)).orElseGet(() -> new Section(root.name()));
  }

  private void refuse(String part, String why) {
    part(part)
        .sections()
        .values()
        .forEach(each -> findings.problem(each.name().place(), part + " (" + why + ")", "none"));
  }

  /// Puts the secrets into `reader`.
  void secrets(SecretsReader reader) {
    for (Section section : part("secrets").sections().values()) {
      try {
        secret(section, reader);
      } catch (Unreadable e) {
        findings.problem(e);
      }
    }
  }

  private void secret(Section section, SecretsReader reader) throws Unreadable {
    String kind = section.name().text().replaceFirst("^(ike|eap|ntlm|ppk).*", "$1");
    if (!Set.of("ike", "eap", "ntlm", "ppk").contains(kind)) {
      findings.warn(
          section.name().place(), "secret " + section.name() + " is not supported yet; not used");
      return;
    }
    List<Optional<Identity>> ids = new ArrayList<>();
    for (Value key : section.keys()) {
      if (key.text().startsWith("id")) {
        Optional<Text> id = section.text(key.text());
        if (id.isPresent()) {
          ids.add(SharedSecret.owner(id.get().value()));
        }
      } else if (!key.text().equals("secret")) {
        throw new Unreadable(key, "secret or id");
      }
    }
    Optional<Text> secret = section.text("secret");
    if (secret.isEmpty()) {
      throw new Unreadable(
          section.name().place(),
          "secret " + section.name() + " without one",
          "secret = \"…\" in it");
    }
    reader.requirePrivate(secret.get().source().file());
    KeyMaterial key = secret.get().secret();
    reader.add(
        switch (kind) {
          case "eap" -> SharedSecret.ofPassword(ids, key);
          case "ntlm" -> new SharedSecret(SharedSecret.Use.EAP, ids, key);
          case "ppk" -> new SharedSecret(SharedSecret.Use.PPK, ids, key);
          default -> new SharedSecret(ids, key);
        });
  }

  /// Wipes what was read. Values made of it stay; their places cannot be told any more.
  void wipe() {
    parser.wipe();
  }
}
