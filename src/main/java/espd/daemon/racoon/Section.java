package espd.daemon.racoon;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where in a `racoon.conf` a word stands: each section has keywords of its own, and the same word
/// is nothing in another one. A keyword, a brace or a semicolon leads from one to the next.
@SuppressWarnings("ImmutableEnumChecker") // nobody changes what these hold
enum Section {
  /// Outside of all others.
  TOP(
      "privsep path include pfkey_buffer complex_bundle gss_id_enc log padding listen timer"
          + " mode_cfg radiuscfg ldapcfg sainfo remote latin1 utf-16le"),
  PRIVSEP("user group chroot"),
  PATH("include pre_shared_key certificate script backupsa pidfile"),
  LOG("error warning notify info debug debug2"),
  PADDING("randomize randomize_length maximum_length strict_check exclusive_tail"),
  LISTEN("isakmp isakmp_natt admin adminsock disabled strict_address"),
  TIMER("counter interval persend phase1 phase2 natt_keepalive"),
  MODE_CFG(""),
  RADIUSCFG(""),
  LDAPCFG(""),
  /// `sainfo` up to its brace.
  SAINFO("anonymous clientaddr any [any] from group"),
  SAINFO_BLOCK(
      "pfs_group remoteid my_identifier lifetime time byte encryption_algorithm"
          + " authentication_algorithm compression_algorithm"),
  /// `remote` up to its brace.
  REMOTE("anonymous inherit"),
  REMOTE_BLOCK(
      "remote_address exchange_mode main aggressive base doi ipsec_doi situation identity_only"
          + " secrecy integrity my_identifier peers_identifier tag file xauth_login"
          + " verify_identifier certificate_type x509 plain_rsa peers_certfile dnssec ca_type"
          + " verify_cert send_cert send_cr match_empty_cr nonce_size generate_policy unique"
          + " require support_proxy initial_contact passive nat_traversal force ike_frag esp_frag"
          + " script phase1_up phase1_down phase1_dead mode_cfg weak_phase1_check dpd dpd_delay"
          + " dpd_retry dpd_maxfail rekey ph1id proposal_check obey strict claim exact keepalive"
          + " lifetime time byte dh_group proposal"),
  PROPOSAL(
      "encryption_algorithm hash_algorithm authentication_method dh_group lifetime time byte"
          + " gss_id");

  /// Words that are keywords everywhere.
  private static final String COMMON =
      "on off yes no esp ah ipcomp icmp icmp6 tcp udp gre"
          + " des_iv64 des_iv32 des 3des rc5 idea 3idea cast128 blowfish rc4 null_enc null aes"
          + " rijndael twofish camellia"
          + " non_auth hmac_md5 hmac_sha1 hmac_sha256 hmac_sha384 hmac_sha512 hmac_sha2_256"
          + " hmac_sha2_384 hmac_sha2_512 des_mac kpdk md5 sha1 sha256 sha384 sha512 sha2_256"
          + " sha2_384 sha2_512 tiger oui deflate lzs"
          + " modp768 modp1024 modp1536 modp2048 modp3072 modp4096 modp6144 modp8192"
          + " pre_shared_key rsasig dsssig rsaenc rsarev gssapi_krb hybrid_rsa_client"
          + " hybrid_rsa_server hybrid_dss_client hybrid_dss_server xauth_psk_client"
          + " xauth_psk_server xauth_rsa_client xauth_rsa_server"
          + " vendor_id user_fqdn fqdn keyid address subnet asn1dn"
          + " B byte bytes KB MB TB sec secs second seconds min mins minute minutes hour hours";

  /// By their first characters, the longest first: a place in a file is asked for few of them.
  private final Map<Character, List<String>> keywords;

  Section(String own) {
    keywords =
        Stream.concat(words(own), words(COMMON))
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .collect(Collectors.groupingBy(word -> word.charAt(0)));
  }

  private static Stream<String> words(String text) {
    return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty());
  }

  /// {@return the longest keyword of this section that stands at `at`, or nothing}
  String keywordAt(String text, int at) {
    for (String keyword : keywords.getOrDefault(text.charAt(at), List.of())) {
      if (text.startsWith(keyword, at)) {
        return keyword;
      }
    }
    return "";
  }

  /// {@return where a token leads}
  Section after(Token token) {
    return switch (token.kind()) {
      case WORD -> after(token.text());
      case OPEN ->
          switch (this) {
            case SAINFO -> SAINFO_BLOCK;
            case REMOTE -> REMOTE_BLOCK;
            default -> this;
          };
      case CLOSE -> this == PROPOSAL ? REMOTE_BLOCK : TOP;
      case SEMICOLON ->
          switch (this) {
            case PATH, LOG, SAINFO, REMOTE -> TOP;
            default -> this;
          };
      default -> this;
    };
  }

  private Section after(String keyword) {
    if (this == TOP) {
      return switch (keyword) {
        case "privsep", "path", "log", "padding", "listen", "timer" -> named(keyword);
        case "mode_cfg", "radiuscfg", "ldapcfg", "sainfo", "remote" -> named(keyword);
        default -> this;
      };
    }
    return this == REMOTE_BLOCK && keyword.equals("proposal") ? PROPOSAL : this;
  }

  private static Section named(String keyword) {
    return valueOf(keyword.toUpperCase(Locale.ROOT));
  }
}
