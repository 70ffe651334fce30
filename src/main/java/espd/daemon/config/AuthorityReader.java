package espd.daemon.config;

import espd.ike.StatusPlaces;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/// An authority in the words of `swanctl.conf`, from such a file or from vici's `load-authority`.
public final class AuthorityReader {

  /// What was read.
  ///
  /// @param authority that is trusted
  /// @param warnings what has no effect
  public record Loaded(Authority authority, List<Warning> warnings) {

    /// Copies the list.
    public Loaded {
      warnings = List.copyOf(warnings);
    }
  }

  private final String name;
  private final SwanctlKeys keys;
  private final SwanctlCertificates files;
  private final Findings findings;

  AuthorityReader(String name, SwanctlKeys keys, SwanctlCertificates files, Findings findings) {
    this.name = name;
    this.keys = keys;
    this.files = files;
    this.findings = findings;
  }

  /// Reads an authority.
  ///
  /// @param name of its section
  /// @param keys by name; octets that are no UTF-8 as ISO 8859-1
  /// @throws ConfigException with every reason why it cannot be used, each with the key's full name
  public static Loaded read(String name, Map<String, List<String>> keys) throws ConfigException {
    return SwanctlKeys.read(
        "authorities." + name,
        keys,
        (read, findings) -> {
          Authority authority =
              new AuthorityReader(name, read, SwanctlCertificates.OF_MESSAGE, findings).read();
          return new Loaded(authority, findings.warnings());
        });
  }

  Authority read() throws Unreadable {
    SwanctlKey.report(SwanctlKey.Section.AUTHORITY, keys, findings);
    List<List<X509Certificate>> named = files.named(keys, "cacert", "x509ca");
    X509Certificate certificate =
        named.isEmpty() ? files.file(keys).getFirst() : named.getFirst().getFirst();
    if (certificate.getBasicConstraints() < 0) {
      throw new Unreadable(
          keys.place("cacert"), "a certificate that is no authority's", "one with CA:true");
    }
    StatusUris uris = new StatusUris(findings);
    List<Value> crls = uris("crl_uris");
    List<Value> ocsp = uris("ocsp_uris");
    return new Authority(
        name,
        new StatusPlaces(certificate, uris.crls(crls), uris.fetched(ocsp)),
        uris.read(crls),
        texts(crls),
        texts(ocsp));
  }

  private List<Value> uris(String key) {
    return keys.value(key).map(value -> value.split(",")).orElse(List.of()).stream()
        .filter(each -> !each.isEmpty())
        .toList();
  }

  private static List<String> texts(List<Value> uris) {
    return uris.stream().map(Value::text).toList();
  }
}
