package espd.daemon.racoon;

import espd.daemon.config.Handling;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The statements of a `remote` that choose a word: which words there are, the first of them what
/// holds without the statement, and what espd does about them.
@SuppressWarnings("ImmutableEnumChecker") // nobody changes what these hold
enum RemoteChoice {
  DOI("doi", "ipsec_doi", Handling.applied()),
  SITUATION(
      "situation",
      "identity_only secrecy integrity",
      Handling.refused("no labels of secrecy or integrity").unless("identity_only")),
  VERIFY_IDENTIFIER("verify_identifier", "off on", Handling.applied()),
  VERIFY_CERT(
      "verify_cert",
      "on off",
      Handling.ignored("a certificate proves nothing unless it is verified").unless("on", "yes")),
  SEND_CERT("send_cert", "on off", Handling.applied()),
  SEND_CR("send_cr", "on off", Handling.applied()),
  MATCH_EMPTY_CR(
      "match_empty_cr",
      "off on",
      Handling.ignored("what a peer asks for does not choose our certificate").unless("off", "no")),
  GENERATE_POLICY("generate_policy", "off on require unique", Handling.applied()),
  SUPPORT_PROXY(
      "support_proxy",
      "off on",
      Handling.ignored("peers may always ask for other addresses than their own")
          .unless("on", "yes")),
  INITIAL_CONTACT("initial_contact", "on off", Handling.applied()),
  PASSIVE("passive", "off on", Handling.applied()),
  NAT_TRAVERSAL("nat_traversal", "off on force", Handling.applied()),
  IKE_FRAG(
      "ike_frag",
      "off on force",
      Handling.ignored("IPv6 fragments long messages").unless("off", "no")),
  MODE_CFG(
      "mode_cfg",
      "off on",
      Handling.ignored("peers are not asked for addresses").unless("off", "no")),
  WEAK_PHASE1_CHECK(
      "weak_phase1_check",
      "off on",
      Handling.ignored("a deletion that is not authenticated counts for nothing")
          .unless("off", "no")),
  DPD("dpd", "on off", Handling.applied()),
  REKEY("rekey", "on off force", Handling.applied()),
  PROPOSAL_CHECK("proposal_check", "strict obey claim exact", Handling.applied());

  private final String keyword;
  private final List<String> words;
  private final Handling handling;

  RemoteChoice(String keyword, String words, Handling handling) {
    this.keyword = keyword;
    this.words = List.of(words.split(" "));
    this.handling = handling;
  }

  String keyword() {
    return keyword;
  }

  /// {@return the words it chooses from: where there is `on`, also `yes` and `no`}
  List<String> words() {
    return words.contains("on")
        ? Stream.concat(words.stream(), Stream.of("yes", "no")).toList()
        : words;
  }

  /// {@return `yes` as `on` and `no` as `off`}
  static String plain(String word) {
    return switch (word) {
      case "yes" -> "on";
      case "no" -> "off";
      default -> word;
    };
  }

  /// {@return what holds without it}
  String usual() {
    return words.getFirst();
  }

  Handling handling() {
    return handling;
  }

  static Optional<RemoteChoice> of(String keyword) {
    return Arrays.stream(values()).filter(each -> each.keyword.equals(keyword)).findFirst();
  }
}
