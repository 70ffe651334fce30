package espd.daemon.config;

import static espd.daemon.config.Handling.applied;
import static espd.daemon.config.Handling.ignored;
import static espd.daemon.config.Handling.refused;

import espd.daemon.config.ConfFile.Kind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One key of `ipsec.conf` and what becomes of it: the table of all keys that strongSwan's starter,
/// Openswan and libreswan know.
///
/// @param kind the sections it stands in
/// @param name its first name; a key of an end is named by its `left` form
/// @param otherNames that mean the same
/// @param handling what becomes of it
record ConfKey(Kind kind, String name, List<String> otherNames, Handling handling) {

  private static final String CERTIFICATES = "a certificate in leftcert= is what is supported";
  private static final String LDAP = "CRLs are fetched by HTTP";
  private static final String XAUTH = "extended authentication of IKEv1 (XAUTH) is not supported";
  private static final String MODECFG =
      "leftsourceip= asks for an address, rightsourceip= gives one";
  private static final String MANUAL = "manual keys are not supported yet";
  private static final String ROUTING = "routes are found in the routing table";
  private static final String KERNEL = "it concerns a kernel's IPsec, which is not used here";
  private static final String LOGGING = "logging is set on the command line";
  private static final String OLD = "it has no meaning any more";
  private static final String OPPORTUNISTIC = "opportunistic encryption is not supported";

  private static final List<ConfKey> TABLE =
      List.of(
          // Who: both ends.
          conn("left", applied()),
          conn("leftid", applied()),
          conn("leftsubnet", applied()).or("leftsubnets"),
          conn("leftprotoport", applied()),
          conn("leftauth", applied()),
          conn("leftikeport", refused("IKE uses the ports 500 and 4500").unless("500")),
          conn("leftsourceip", applied()).or("leftaddresspool"),
          conn("leftsubnetwithin", refused("it widens what is protected; write leftsubnet=")),
          conn("leftauth2", refused("a second authentication is not supported yet")),
          conn("leftid2", refused("a second authentication is not supported yet")),
          conn("leftcert", applied()),
          conn("leftcert2", refused(CERTIFICATES)),
          conn("leftckaid", refused(CERTIFICATES)),
          conn("leftrsasigkey", applied()).or("leftsigkey"),
          conn("leftrsasigkey2", refused(CERTIFICATES).unless("%cert", "%none")),
          conn("leftca", applied()),
          conn("leftca2", refused(CERTIFICATES)),
          conn("leftgroups", refused(CERTIFICATES)),
          conn("leftgroups2", refused(CERTIFICATES)),
          conn("leftcertpolicy", refused(CERTIFICATES)),
          conn("leftsendcert", applied()),
          conn("leftxauthserver", refused(XAUTH).unless("no")),
          conn("leftxauthclient", refused(XAUTH).unless("no")),
          conn("leftxauthname", refused(XAUTH)),
          conn("leftxauthusername", refused(XAUTH)),
          conn("leftusername", refused(XAUTH)),
          conn("leftmodecfgserver", ignored(MODECFG)),
          conn("leftmodecfgclient", ignored(MODECFG)),
          conn("leftmodecfgwins1", ignored(OLD)).or("leftmodecfgwins2"),
          conn("leftdns", applied()).or("leftmodecfgdns", "leftmodecfgdns1", "leftmodecfgdns2"),
          conn("leftallowany", ignored("the peer is expected at its address").unless("no")),
          conn("lefthostaccess", ignored("no firewall rules are made").unless("no")),
          conn("leftfirewall", ignored("no firewall rules are made").unless("no")),
          conn("leftupdown", ignored("no script is run")),
          conn("leftnexthop", ignored(ROUTING).unless("%direct", "%defaultroute")),
          // What: packets and their protection.
          conn("type", applied()),
          conn("esp", applied()).or("phase2alg"),
          conn("ah", refused("AH is not supported; write esp=")),
          conn("phase2", refused("AH is not supported").unless("esp")).or("auth"),
          conn("pfs", applied()),
          conn("pfsgroup", applied()),
          conn("compress", applied()),
          conn("connaddrfamily", refused("only IPv6 is supported").unless("ipv6", "v6", "inet6"))
              .or("clientaddrfamily", "tunneladdrfamily", "endaddrfamily", "hostaddrfamily"),
          conn("reqid", applied()),
          conn("replay_window", applied()).or("replay-window"),
          conn("forceencaps", applied()).or("encapsulation"),
          conn("installpolicy", refused("the policies are always installed").unless("yes")),
          conn("mark", refused("policies for marked packets are not supported yet")),
          conn("mark_in", refused("policies for marked packets are not supported yet")),
          conn("mark_out", refused("policies for marked packets are not supported yet")),
          conn("tfc", applied()),
          conn("tfc-dummies", applied()),
          conn("encap-dscp", applied()),
          conn("decap-dscp", applied()),
          conn("mtu", ignored("the path's MTU is used")),
          conn("metric", ignored(ROUTING)),
          conn("overlapip", ignored(KERNEL).unless("no")),
          conn("sareftrack", ignored(KERNEL).unless("no")),
          conn("sha2_truncbug", refused("the ICV has 128 bits (RFC 4868)").unless("no")),
          conn("sha256_96", refused("the ICV has 128 bits (RFC 4868)").unless("no")),
          conn("labeled_ipsec", refused("security labels are not supported").unless("no")),
          conn("policy_label", refused("security labels are not supported")).or("policy-label"),
          conn("ipsec-interface", ignored("there is one interface for all").unless("no")),
          conn("narrowing", ignored("selectors are always narrowed").unless("yes")),
          conn("failureshunt", ignored("packets that need protection wait").unless("none")),
          conn("negotiationshunt", ignored("packets that need protection wait").unless("hold")),
          // How: IKE.
          conn("keyexchange", applied()),
          conn("ikev2", applied()),
          conn("ike", applied()),
          conn("authby", applied()),
          conn("aggrmode", applied()).or("aggressive"),
          conn("mobike", applied()),
          conn("enable-tcp", applied()),
          conn("tcp-remoteport", applied()),
          conn("fragmentation", applied()),
          conn("childless", applied()),
          conn("session-resumption", applied()),
          conn("ikedscp", ignored("IKE packets have no DSCP").unless("000000")),
          conn("modeconfig", ignored(MODECFG).unless("pull")),
          conn("modecfgpull", ignored(MODECFG)),
          conn("xauth", refused(XAUTH)),
          conn("xauth_identity", refused(XAUTH)),
          conn("xauthby", refused(XAUTH)),
          conn("eap", refused("write leftauth=eap-mschapv2 or rightauth=eap-tls")),
          conn("eap_identity", applied()),
          conn("aaa_identity", applied()),
          conn("ppk", applied()),
          conn("ppk-ids", applied()).or("ppk_ids"),
          conn("ppk_id", applied()),
          conn("ppk_required", applied()),
          conn("mediation", refused("mediation is not supported").unless("no")),
          conn("mediated_by", refused("mediation is not supported")),
          conn("me_peerid", refused("mediation is not supported")),
          conn("remote_peer_type", ignored(OLD)),
          conn("cisco-unity", ignored(OLD).unless("no")).or("cisco_unity"),
          conn("nm_configured", ignored(KERNEL).unless("no")),
          // When: life and death.
          conn("auto", applied()),
          conn("lifetime", applied()).or("keylife", "salifetime"),
          conn("ikelifetime", applied()),
          conn("margintime", applied()).or("rekeymargin"),
          conn("rekeyfuzz", applied()),
          conn("rekey", applied()),
          conn("reauth", applied()),
          conn("keyingtries", applied()),
          conn("dpddelay", applied()),
          conn("dpdaction", applied()),
          conn("dpdtimeout", applied()),
          conn("closeaction", ignored("a connection that the peer closes is clear").unless("none")),
          conn("inactivity", ignored("an unused SA stays until its lifetime ends")),
          conn("lifebytes", applied()).or("ipsec-max-bytes"),
          conn("marginbytes", applied()),
          conn("lifepackets", applied()).or("ipsec-max-packets"),
          conn("marginpackets", applied()),
          // The file itself.
          conn("also", applied()),
          conn("alsoflip", applied()),
          conn("connalias", ignored("a connection has one name")),
          // Manual keys.
          conn("spi", refused(MANUAL)).or("spibase"),
          conn("espenckey", refused(MANUAL)),
          conn("espauthkey", refused(MANUAL)),
          conn("espreplay_window", refused(MANUAL)),
          conn("ahkey", refused(MANUAL)),
          // config setup.
          setup("uniqueids", applied()).or("uniqueid"),
          setup("interfaces", ignored(ROUTING)),
          setup("virtual_private", ignored("vhost: and vnet: are not supported"))
              .or("virtual-private"),
          setup("nat_traversal", applied()),
          setup("disable_port_floating", ignored("RFC 3947 has the port float").unless("no")),
          setup("keep_alive", applied()).or("keep-alive"),
          setup("force_keepalive", ignored("NATs are kept awake where there are any").unless("no")),
          setup("fragment_size", applied()),
          setup("listen-tcp", applied()),
          setup("follow_redirects", applied()),
          setup("protostack", ignored(KERNEL)),
          setup("listen", ignored("all addresses of connections are listened at")),
          setup("myid", ignored("write leftid= in the connection")),
          setup("oe", ignored(OPPORTUNISTIC).unless("no", "off")),
          setup("klipsdebug", ignored(LOGGING).unless("none")),
          setup("plutodebug", ignored(LOGGING).unless("none")),
          setup("charondebug", ignored(LOGGING)),
          setup("syslog", ignored(LOGGING)),
          setup("plutostderrlog", ignored(LOGGING)).or("plutostderrlogtime", "logfile"),
          setup("plutoopts", ignored(KERNEL)).or("plutorestartoncrash", "plutowait", "pluto"),
          setup("plutostart", ignored(OLD)).or("charonstart", "plutofork", "manualstart"),
          setup("dumpdir", ignored("no memory is ever dumped: there are keys in it")),
          setup("prepluto", ignored("no script is run")).or("postpluto"),
          setup("fragicmp", ignored(KERNEL)).or("hidetos", "overridemtu", "packetdefault"),
          setup("forwardcontrol", ignored(KERNEL)).or("rp_filter", "secctx_attr_value"),
          setup("nhelpers", ignored(KERNEL)).or("force_busy", "packetsize"),
          setup("strictcrlpolicy", applied()),
          setup("nocrsend", ignored(CERTIFICATES)),
          setup("cachecrls", ignored("CRLs are kept in memory, while espd runs").unless("no")),
          setup("crlcheckinterval", ignored("CRLs are fetched when a peer connects").unless("0")),
          setup("ldaphost", ignored(LDAP)).or("ldapbase"),
          setup("pkcs11module", ignored(CERTIFICATES))
              .or("pkcs11initargs", "pkcs11keepstate", "pkcs11proxy"),
          // ca sections.
          ca("cacert", applied()),
          ca("crluri", applied()).or("crluri1"),
          ca("crluri2", applied()),
          ca("ocspuri", applied()).or("ocspuri1"),
          ca("ocspuri2", applied()),
          ca("certuribase", ignored("certificates are sent, not their places")),
          ca("ldaphost", ignored(LDAP)).or("ldapbase"),
          ca("auto", applied()),
          ca("also", applied()));

  private static final Map<Kind, Map<String, ConfKey>> BY_NAME = byName();

  private static ConfKey conn(String name, Handling handling) {
    return new ConfKey(Kind.CONN, name, List.of(), handling);
  }

  private static ConfKey setup(String name, Handling handling) {
    return new ConfKey(Kind.CONFIG, name, List.of(), handling);
  }

  private static ConfKey ca(String name, Handling handling) {
    return new ConfKey(Kind.CA, name, List.of(), handling);
  }

  private ConfKey or(String... names) {
    return new ConfKey(kind, name, List.of(names), handling);
  }

  private static Map<Kind, Map<String, ConfKey>> byName() {
    Map<Kind, Map<String, ConfKey>> all = new HashMap<>();
    for (ConfKey key : TABLE) {
      Map<String, ConfKey> names = all.computeIfAbsent(key.kind, kind -> new HashMap<>());
      names.put(key.name, key);
      key.otherNames.forEach(other -> names.put(other, key));
    }
    return all;
  }

  /// {@return the table, for those who show it}
  static List<ConfKey> table() {
    return TABLE;
  }

  /// {@return the key that `written` names, its end aside; upper and lower case are the same}
  static Optional<ConfKey> of(Kind kind, String written) {
    return Optional.ofNullable(BY_NAME.getOrDefault(kind, Map.of()).get(leftForm(written)));
  }

  /// {@return the first name of the key `written`, with its end: `keylife` is `lifetime`}
  static String canonical(ConfKey key, String written) {
    boolean right = written.toLowerCase(Locale.ROOT).startsWith("right");
    return right ? "right" + key.name.substring("left".length()) : key.name;
  }

  /// {@return the known key that `written` is most like, for a message}
  static Optional<String> nearest(Kind kind, String written) {
    String lower = written.toLowerCase(Locale.ROOT);
    return BY_NAME.getOrDefault(kind, Map.of()).keySet().stream()
        .flatMap(name -> Stream.of(name, name.replaceFirst("^left", "right")))
        .filter(name -> Math.abs(name.length() - lower.length()) <= 2)
        .filter(name -> distance(name, lower) <= 2)
        .min(
            Comparator.<String>comparingInt(name -> distance(name, lower))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String leftForm(String written) {
    String lower = written.toLowerCase(Locale.ROOT);
    return lower.startsWith("right") ? "left" + lower.substring("right".length()) : lower;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
