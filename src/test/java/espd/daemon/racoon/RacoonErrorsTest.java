package espd.daemon.racoon;

import static espd.daemon.racoon.RacoonText.REMOTE;
import static espd.daemon.racoon.RacoonText.SAINFO;
import static espd.daemon.racoon.RacoonText.read;
import static espd.daemon.racoon.RacoonText.remoteWith;
import static espd.daemon.racoon.RacoonText.sainfoWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Problem;
import espd.daemon.config.Warning;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What cannot be read, and what has no effect: where, and what could stand there.
class RacoonErrorsTest {

  private static List<String> problems(String text) {
    RacoonText read = read(text);
    return read.findings().problemCount() == 0
        ? List.of()
        : assertThrows(ConfigException.class, read.findings()::throwProblems).problems().stream()
            .map(Problem::toString)
            .toList();
  }

  private static List<String> warnings(String text) {
    assertEquals(List.of(), problems(text));
    return read(text).findings().warnings().stream().map(Warning::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          conn x                                      | 1:1: read "conn", expected a statement: path, include, listen, remote, sainfo, timer, padding or log
          spdadd                                      | 1:1: read "spdadd", expected a statement: path, include, listen, remote, sainfo, timer, padding or log
          on;                                         | 1:1: read "on", expected a statement: path, include, listen, remote, sainfo, timer, padding or log
          path psk "x";                               | 1:6: read "psk", expected backupsa, certificate, include, pidfile, pre_shared_key, script
          path include x;                             | 1:14: read "x", expected a path in quotes
          path include "a\0b";                        | 1:15: read "a?b", expected a path
          path include "/etc"                         | 1:20: read the end of the file, expected ; at the end of the statement
          include etc;                                | 1:9: read "etc", expected a file in quotes
          include "/no/such/*";                       | 1:10: read glob found no matches for path "/no/such/*", expected a file there
          listen isakmp ::1;                          | 1:8: read "isakmp", expected {
          listen { isakmp moon; }                     | 1:17: read "moon", expected an address of this host
          listen { isakmp 1.2.3.4.5; }                | 1:17: read "1.2.3.4.5", expected an address of this host
          listen { isakmp 2001:db8::1 [501]; }        | 1:30: read "501", expected 500, the only port that isakmp has
          listen { isakmp_natt 2001:db8::1 [500]; }   | 1:35: read "500", expected 4500, the only port that isakmp_natt has
          listen { isakmp 2001:db8::1 [70000]; }      | 1:30: read "70000", expected a port from 0 to 65535
          listen { isakmp fe80::1%eth0; }             | 1:17: read "fe80::1%eth0", expected an address of this host
          listen { port 500; }                        | 1:10: read "port", expected isakmp, isakmp_natt, adminsock or strict_address
          listen { isakmp 2001:db8::1; remote         | 1:30: read "remote", expected isakmp, isakmp_natt, adminsock or strict_address
          timer { counter many; }                     | 1:17: read "many", expected a number
          timer { natt_keepalive 20; }                | 1:26: read ";", expected sec, secs, second, seconds, min, mins, minute, minutes, hour, hours
          timer { natt_keepalive 0 sec; }             | 1:24: read 0 sec, expected a time of at least a second
          timer { phase3 1 sec; }                     | 1:9: read "phase3", expected counter, interval, persend, phase1, phase2 or natt_keepalive
          padding { size 8; }                         | 1:11: read "size", expected randomize, randomize_length, maximum_length, strict_check or exclusive_tail
          padding { randomize 1; }                    | 1:21: read "1", expected on, off, yes, no
          privsep { host "x"; }                       | 1:11: read "host", expected user, group or chroot
          log loud;                                   | 1:5: read "loud", expected error, warning, notify, info, debug, debug2
          complex_bundle 1;                           | 1:16: read "1", expected on, off, yes, no
          gss_id_enc utf8;                            | 1:12: read "utf8", expected latin1, utf-16le
          mode_cfg on;                                | 1:10: read "on", expected {
          """)
  void saysWhatAStatementLacks(String text, String problem) {
    assertEquals("racoon.conf:" + problem, problems(text).getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          exchange_mode quick;                | 4:17: read "quick", expected main, aggressive, base
          exchange_mode base;                 | 4:17: read "base", expected main or aggressive (base mode is a draft that only KAME's programs had)
          passive maybe;                      | 4:11: read "maybe", expected off, on, yes, no
          passive 1;                          | 4:11: read "1", expected off, on, yes, no
          proposal_check never;               | 4:18: read "never", expected strict, obey, claim, exact
          situation secrecy;                  | 4:3: read situation secrecy (no labels of secrecy or integrity), expected identity_only
          nonce_size 7;                       | 4:14: read "7", expected a number from 8 to 256
          dpd_delay -1;                       | 4:13: read "-1", expected a number from 0 to 86400
          dpd_delay 9999999999;               | 4:13: read "9999999999", expected a number from 0 to 86400
          my_identifier name "x";             | 4:17: read "name", expected address, fqdn, user_fqdn, keyid, asn1dn
          my_identifier address moon;         | 4:25: read "moon", expected ; at the end of the statement
          my_identifier;                      | 4:16: read ";", expected address, fqdn, user_fqdn, keyid, asn1dn
          certificate_type pgp "a" "b";       | 4:20: read "pgp", expected x509, plain_rsa
          certificate_type plain_rsa "a";     | 4:20: read "plain_rsa", expected x509, as a key proves nothing without a certificate here
          certificate_type x509 "a";          | 4:28: read ";", expected the file of its key
          peers_certfile dnssec;              | 4:18: read "dnssec", expected x509, as a key proves nothing without a certificate here
          ca_type "x";                        | 4:12: read "x", expected x509
          dh_group 2;                         | 4:3: read "dh_group", expected it in a proposal: dh_group cannot be defined here
          lifetime byte 20 MB;                | 4:12: read "byte", expected time (byte lifetime support is deprecated)
          lifetime 20 hour;                   | 4:12: read "20", expected time
          remote_address moon;                | 4:18: read "moon", expected an address
          remote_address ::1 [4500];          | 4:23: read "4500", expected port 500, which peers are spoken to at
          encryption_algorithm aes;           | 4:3: read "encryption_algorithm", expected a statement of a remote
          weather fine;                       | 4:3: read "weather", expected a statement of a remote
          """)
  void saysWhatAStatementOfARemoteLacks(String statement, String problem) {
    assertEquals("racoon.conf:" + problem, problems(remoteWith(statement)).getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          encryption_algorithm 3des;                  | encryption_algorithm hmac_md5;    | 7:26: read "hmac_md5", expected des, 3des, blowfish, cast128, aes, rijndael, camellia, idea, rc5
          encryption_algorithm 3des;                  |                                   | 5:3: read a proposal without encryption_algorithm, expected encryption_algorithm in it
          hash_algorithm md5;                         |                                   | 5:3: read a proposal without hash_algorithm, expected hash_algorithm in it
          hash_algorithm md5;                         | hash_algorithm sha3;              | 8:20: read "sha3", expected md5, sha1, sha256, sha384, sha512, sha2_256, sha2_384, sha2_512, tiger
          authentication_method pre_shared_key;       |                                   | 5:3: read a proposal without authentication_method, expected authentication_method in it
          dh_group 2;                                 |                                   | 5:3: read a proposal without dh_group, expected dh_group in it
          dh_group 2;                                 | dh_group ecp256;                  | 10:14: read "ecp256", expected the number of a group, or modp1024 to modp8192
          dh_group 2;                                 | dh_group 0;                       | 10:14: read "0", expected the number of a group, or modp1024 to modp8192
          dh_group 2;                                 | pfs_group 2;                      | 10:5: read "pfs_group", expected encryption_algorithm, hash_algorithm, authentication_method, dh_group or lifetime
          exchange_mode main;                         |                                   | 1:1: read remote 2001:db8:2:2::2 without exchange_mode, expected exchange_mode main
          remote 2001:db8:2:2::2                      | remote moon                       | 1:8: read "moon", expected an address (names are not looked up), anonymous or a name in quotes
          remote 2001:db8:2:2::2                      | remote 2001:db8::2 [4500]         | 1:21: read "4500", expected port 500, which peers are spoken to at
          remote 2001:db8:2:2::2                      | remote 2001:db8::2 inherit ::1    | 1:28: read inherit ::1, expected a remote that stands before this one
          remote 2001:db8:2:2::2                      | remote 2001:db8::2 on             | 1:20: read "on", expected inherit, ; or {
          """)
  void saysWhatARemoteLacks(String what, String instead, String problem) {
    String text = REMOTE.replace(what, instead == null ? "" : instead);
    assertEquals(List.of("racoon.conf:" + problem), problems(text));
  }

  @Test
  void aRemoteNeedsAProposal() {
    assertEquals(
        List.of(
            "racoon.conf:1:1: read remote anonymous without a proposal, expected proposal { … } in"
                + " it"),
        problems("remote anonymous { exchange_mode main; }"));
  }

  @Test
  void aggressiveModeHasOneGroup() {
    String text =
        remoteWith(
                "proposal { encryption_algorithm aes; hash_algorithm sha1; dh_group 14;"
                    + " authentication_method pre_shared_key; }")
            .replace("mode main", "mode aggressive");
    assertEquals(
        List.of(
            "racoon.conf:1:1: read proposals of several groups, expected one: DH group must be"
                + " equal in all proposals when aggressive mode is used"),
        problems(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          pfs_group x;                                | 4:13: read "x", expected the number of a group, or modp1024 to modp8192
          remoteid x;                                 | 4:12: read "x", expected the ph1id of a remote
          lifetime byte 1 KB;                         | 4:12: read "byte", expected time (byte lifetime support is deprecated)
          hash_algorithm md5;                         | 4:3: read "hash_algorithm", expected pfs_group, remoteid, lifetime, encryption_algorithm, authentication_algorithm or compression_algorithm
          encryption_algorithm hmac_md5;              | 4:24: read "hmac_md5", expected des, des_iv64, des_iv32, 3des, rc5, idea, 3idea, cast128, blowfish, rc4, null, null_enc, twofish, rijndael, aes, camellia
          encryption_algorithm aes, ;                 | 4:29: read ";", expected des, des_iv64, des_iv32, 3des, rc5, idea, 3idea, cast128, blowfish, rc4, null, null_enc, twofish, rijndael, aes, camellia
          authentication_algorithm md5;               | 4:28: read "md5", expected hmac_md5, hmac_sha1, hmac_sha256, hmac_sha384, hmac_sha512, hmac_sha2_256, hmac_sha2_384, hmac_sha2_512, non_auth, des_mac, kpdk
          compression_algorithm gzip;                 | 4:25: read "gzip", expected deflate, oui, lzs
          """)
  void saysWhatAStatementOfASainfoLacks(String statement, String problem) {
    assertEquals(List.of("racoon.conf:" + problem), problems(sainfoWith(statement)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          anonymous group "users"                  | 1:18: read "group", expected no group: there is no XAUTH to be member of one by
          moon anonymous                           | 1:8: read "moon", expected anonymous, address ADDRESS PROTOCOL or subnet ADDRESS/N PROTOCOL
          address moon any anonymous               | 1:16: read "moon", expected an address, or a name in quotes
          address 2001:db8::/129 any anonymous     | 1:27: read "129", expected a prefix length that fits 2001:db8::, as /128 or of IPv4 /32
          address 10.0.0.0/33 any anonymous        | 1:25: read "33", expected a prefix length that fits 10.0.0.0, as /128 or of IPv4 /32
          address 2001:db8::9-2001:db8::1 any anonymous | 1:28: read "2001:db8::1", expected the last address of the range
          address 2001:db8::1 anonymous            | 1:28: read "anonymous", expected a protocol: any, tcp, udp, icmp6, … or its number
          address 2001:db8::1 256 anonymous        | 1:28: read "256", expected a protocol: any, tcp, udp, icmp6, … or its number
          address 2001:db8::1[99999] any anonymous | 1:28: read "99999", expected a port from 0 to 65535
          address 2001:db8::1 any                  | 2:1: read "{", expected anonymous, address ADDRESS PROTOCOL or subnet ADDRESS/N PROTOCOL
          """)
  void saysWhatTheEndsOfASainfoLack(String ids, String problem) {
    assertEquals(
        List.of("racoon.conf:" + problem),
        problems(SAINFO.replaceFirst("sainfo .*", "sainfo " + ids)));
  }

  @ParameterizedTest
  @CsvSource({
    "encryption_algorithm 3des;, encryption_algorithm",
    "authentication_algorithm hmac_md5;, authentication_algorithm",
    "compression_algorithm deflate;, compression_algorithm"
  })
  void aSainfoNeedsAllThreeLists(String list, String name) {
    assertEquals(
        List.of(
            "racoon.conf:1:1: read sainfo 2001:db8:1:1::1/128[any] any 2001:db8:2:2::2/128[any] any"
                + " without %s, expected %s in it".formatted(name, name)),
        problems(SAINFO.replace(list, "")));
  }

  @Test
  void aSainfoStandsOnce() {
    assertEquals(
        List.of(
            "racoon.conf:8:1: read duplicated sainfo 2001:db8:1:1::1/128[any] any"
                + " 2001:db8:2:2::2/128[any] any, expected one sainfo for the same packets"),
        problems(SAINFO + SAINFO));
    assertEquals(List.of(), problems(SAINFO + sainfoWith("remoteid 4;")));
  }

  @Test
  void everyErrorIsSaidAtOnce() {
    String text =
        REMOTE.replace("md5", "md6").replace("24 hour", "24 days") + SAINFO.replace("3des", "4des");
    assertEquals(
        List.of(
            "racoon.conf:4:20: read \"days\", expected sec, secs, second, seconds, min, mins,"
                + " minute, minutes, hour, hours",
            "racoon.conf:8:20: read \"md6\", expected md5, sha1, sha256, sha384, sha512, sha2_256,"
                + " sha2_384, sha2_512, tiger",
            "racoon.conf:16:24: read \"4des\", expected des, des_iv64, des_iv32, 3des, rc5, idea,"
                + " 3idea, cast128, blowfish, rc4, null, null_enc, twofish, rijndael, aes,"
                + " camellia"),
        problems(text));
  }

  @Test
  void whatStandsBeforeAnAddressSpoilsIt() {
    assertEquals(
        "racoon.conf:1:8: read \"=2001:db8:2:2::2\", expected an address (names are not looked up),"
            + " anonymous or a name in quotes",
        problems(REMOTE.replace("remote ", "remote =")).getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          privsep { user "racoon"; group 99; chroot "/var"; } | 1:1: privsep is ignored: the process that has keys reads packets, too
          path script "/etc";                                 | 1:6: path script is ignored: no scripts are run
          path backupsa "/x";                                 | 1:6: path backupsa is ignored: SAs end with the process that has them
          path pidfile "/x";                                  | 1:6: path pidfile is ignored: service managers know the process
          pfkey_buffer 8;                                     | 1:1: pfkey_buffer is ignored: there is no PF_KEY socket
          complex_bundle on;                                  | 1:1: complex_bundle is ignored: SAs are not bundled so
          gss_id_enc latin1;                                  | 1:1: gss_id_enc is ignored: there is no GSS-API
          mode_cfg { network4 10.0.0.1; dns4 10.0.0.2; }      | 1:1: mode_cfg is ignored: there is neither XAUTH nor mode-config
          radiuscfg { auth "radius" "secret"; }               | 1:1: radiuscfg is ignored: there is neither XAUTH nor mode-config
          ldapcfg { host "x"; }                               | 1:1: ldapcfg is ignored: there is neither XAUTH nor mode-config
          listen { adminsock disabled; }                      | 1:10: adminsock is ignored: espd's control socket is root's (--control)
          listen { adminsock "/s" "root" "wheel" 0660; }      | 1:10: adminsock is ignored: espd's control socket is root's (--control)
          listen { isakmp 192.0.2.1; }                        | 1:17: 192.0.2.1 is not listened at: peers are spoken to over IPv6 only
          timer { counter 5; }                                | 1:9: counter is ignored: messages are repeated as in strongSwan
          timer { interval 10 sec; }                          | 1:9: interval is ignored: messages are repeated as in strongSwan
          timer { persend 1; }                                | 1:9: persend is ignored: messages are repeated as in strongSwan
          timer { phase1 15 sec; }                            | 1:9: phase1 is ignored: messages are repeated as in strongSwan
          timer { phase2 10 sec; }                            | 1:9: phase2 is ignored: messages are repeated as in strongSwan
          padding { randomize on; }                           | 1:11: randomize is ignored: padding is as RFC 2409 §B and RFC 4303 §2.4 say
          padding { maximum_length 20; }                      | 1:11: maximum_length is ignored: padding is as RFC 2409 §B and RFC 4303 §2.4 say
          """)
  void saysWhatHasNoEffect(String text, String warning) {
    int colon = warning.indexOf(": ");
    assertEquals(
        List.of(
            "racoon.conf:" + warning.substring(0, colon) + ": warning" + warning.substring(colon)),
        warnings(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          verify_cert off;               | verify_cert off is ignored: a certificate proves nothing unless it is verified
          match_empty_cr on;             | match_empty_cr on is ignored: what a peer asks for does not choose our certificate
          support_proxy off;             | support_proxy off is ignored: peers may always ask for other addresses than their own
          ike_frag on;                   | ike_frag on is ignored: IPv6 fragments long messages
          mode_cfg on;                   | mode_cfg on is ignored: peers are not asked for addresses
          weak_phase1_check on;          | weak_phase1_check on is ignored: a deletion that is not authenticated counts for nothing
          nonce_size 16;                 | nonce_size 16 is ignored: nonces have the length that their PRF wants
          esp_frag 552;                  | esp_frag 552 is ignored: packets are made to fit the path (RFC 4301 §8), not cut by a number
          dpd_retry 3;                   | dpd_retry 3 is ignored: a question is repeated as every other message
          dpd_maxfail 3;                 | dpd_maxfail 3 is ignored: a question is repeated as every other message
          script "/x" phase1_up;         | script is ignored: no scripts are run; the control socket tells events
          xauth_login "me";              | xauth_login is ignored: there is no XAUTH
          keepalive;                     | keepalive is ignored: a NAT is kept awake in any case
          peers_certfile "x";            | peers_certfile without x509 is deprecated
          """)
  void saysWhatHasNoEffectInARemote(String statement, String warning) {
    assertEquals(List.of("racoon.conf:4:3: warning: " + warning), warnings(remoteWith(statement)));
  }

  @Test
  void noEffectInOtherPlaces() {
    assertEquals(
        List.of(
            "racoon.conf:4:3: warning: my_identifier of a sainfo is ignored: the remote has one"),
        warnings(sainfoWith("my_identifier fqdn \"x\";")));
    assertEquals(
        List.of("racoon.conf:8:5: warning: gss_id is ignored: there is no GSS-API"),
        warnings(REMOTE.replace("hash_algorithm", "gss_id \"x\";\n    hash_algorithm")));
    assertEquals(
        List.of(
            "racoon.conf:3:23: warning: base is ignored: base mode is a draft that only KAME's"
                + " programs had"),
        warnings(REMOTE.replace("exchange_mode main", "exchange_mode main, base")));
  }

  @Test
  void aSecretOfAnotherServerIsNotRepeated() {
    String text = "radiuscfg { auth \"radius\" \"topsecret\" \n remote 2001:db8::1 { oops }";
    assertEquals(false, String.join("\n", problems(text)).contains("topsecret"));
  }
}
