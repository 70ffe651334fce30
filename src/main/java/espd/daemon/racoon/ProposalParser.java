package espd.daemon.racoon;

import espd.daemon.config.Findings;
import espd.daemon.config.Unreadable;
import espd.daemon.config.Value;
import espd.daemon.racoon.Token.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `proposal { … }` of a `remote`, behind its first word.
final class ProposalParser {

  private static final List<String> CIPHERS =
      List.of("des", "3des", "blowfish", "cast128", "aes", "rijndael", "camellia", "idea", "rc5");
  private static final List<String> HASHES =
      List.of(
          "md5", "sha1", "sha256", "sha384", "sha512", "sha2_256", "sha2_384", "sha2_512", "tiger");
  private static final List<String> METHODS =
      List.of(
          "pre_shared_key",
          "rsasig",
          "dsssig",
          "rsaenc",
          "rsarev",
          "gssapi_krb",
          "hybrid_rsa_client",
          "hybrid_rsa_server",
          "hybrid_dss_client",
          "hybrid_dss_server",
          "xauth_psk_client",
          "xauth_psk_server",
          "xauth_rsa_client",
          "xauth_rsa_server");

  private final Tokens tokens;
  private final Findings findings;
  private final Value word;
  private Optional<Cipher> encryption = Optional.empty();
  private Optional<Cipher> hash = Optional.empty();
  private Optional<Value> method = Optional.empty();
  private Optional<Cipher> group = Optional.empty();
  private Optional<Duration> lifetime = Optional.empty();

  ProposalParser(Tokens tokens, Findings findings, Value word) {
    this.tokens = tokens;
    this.findings = findings;
    this.word = word;
  }

  /// {@return the proposal; nothing where it cannot be read, as was said}
  Optional<Phase1Proposal> read() throws Unreadable {
    tokens.expect(Kind.OPEN, "{");
    int before = findings.problemCount();
    while (!tokens.isAt(Kind.CLOSE) && !tokens.isAt(Kind.END)) {
      try {
        item(tokens.next());
      } catch (Unreadable e) {
        findings.problem(e);
        tokens.skip();
      }
    }
    tokens.expect(Kind.CLOSE, "} at the end of the proposal");
    if (findings.problemCount() == before) {
      reportMissing();
    }
    return findings.problemCount() > before
        ? Optional.empty()
        : Optional.of(
            new Phase1Proposal(
                word,
                encryption.orElseThrow(),
                hash.orElseThrow(),
                method.orElseThrow(),
                group.orElseThrow(),
                lifetime));
  }

  private void reportMissing() {
    Map<String, Optional<?>> required = new LinkedHashMap<>();
    required.put("encryption_algorithm", encryption);
    required.put("hash_algorithm", hash);
    required.put("authentication_method", method);
    required.put("dh_group", group);
    required.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            findings.problem(word.place(), "a proposal without " + name, name + " in it");
          }
        });
  }

  private void item(Token item) throws Unreadable {
    switch (item.text()) {
      case "encryption_algorithm" -> encryption = Optional.of(tokens.cipher(CIPHERS));
      case "hash_algorithm" -> hash = Optional.of(tokens.cipher(HASHES));
      case "authentication_method" -> method = Optional.of(tokens.keyword(METHODS));
      case "dh_group" -> group = Optional.of(tokens.group());
      case "lifetime" -> {
        lifetime = Optional.of(tokens.lifetime());
        return;
      }
      case "gss_id" -> {
        tokens.string("a name");
        findings.warn(item.place(), "gss_id is ignored: there is no GSS-API");
      }
      default ->
          throw new Unreadable(
              item.word(),
              "encryption_algorithm, hash_algorithm, authentication_method, dh_group or lifetime");
    }
    tokens.end();
  }
}
