package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every key of Openswan's, libreswan's and strongSwan's `ipsec.conf` does something, or a warning
/// says once why it does not, or it is an error: each with its place.
class PlutoKeysTest {

  private static final String SETUP =
      """
      warns  interfaces="ipsec0=eth0" klipsdebug=all plutodebug="control parsing" plutoopts=x
      warns  plutostderrlog=/x plutostderrlogtime=yes plutorestartoncrash=yes dumpdir=/x plutowait=no
      warns  prepluto=/x postpluto=/x fragicmp=yes hidetos=yes overridemtu=1400 packetdefault=drop
      warns  nocrsend=no crlcheckinterval=600 force_busy=no cachecrls=yes myid=@x
      warns  virtual_private=%v6:fd00::/8 disable_port_floating=yes force_keepalive=yes listen=::1
      warns  protostack=netkey nhelpers=0 secctx_attr_value=10 forwardcontrol=yes rp_filter=%unchanged
      warns  manualstart=x pluto=yes plutofork=yes plutostart=yes charonstart=yes charondebug="ike 2"
      warns  syslog=daemon.error oe=yes ldaphost=x ldapbase=x
      warns  pkcs11module=x pkcs11initargs=x pkcs11keepstate=no pkcs11proxy=no
      reads  oe=no klipsdebug=none plutodebug=none disable_port_floating=no force_keepalive=no
      reads  uniqueids=yes uniqueids=no uniqueids=never uniqueids=replace uniqueids=keep uniqueid=no follow_redirects=no
      reads  strictcrlpolicy=yes nat_traversal=yes nat_traversal=no keep_alive=30 fragment_size=1280
      errs   uniqueids=perhaps follow_redirects=perhaps strictcrlpolicy=perhaps keep_alive=soon nat_traversal=perhaps interface=x
      """;

  private static final String CONN =
      """
      reads  left=2001:db8:1:1::1 left=%defaultroute right=2001:db8:3::3 right=%any right=%any6
      errs   right=%any4 right=%opportunistic right=%group right=%eth0 right=peer.example right=192.0.2.1
      reads  type=tunnel type=transport rightsubnet=2001:db8:2::/48 leftsubnets={2001:db8:1::/48}
      errs   rightsubnet=vhost:%priv rightsubnet=vnet:%priv rightsubnetwithin=::/0 type=beet type=udp
      errs   type=transport_proxy
      reads  leftprotoport=17/1701 rightprotoport=udp/%any rightprotoport=6/22
      reads  leftid=@here.example rightid=user@there.example rightid="C=CH, CN=moon" rightid=@#0102
      errs   leftid=%myid leftid=%fromcert
      reads  leftsigkey=me.pub leftrsasigkey=%cert rightrsasigkey=%none rightrsasigkey2=%none
      errs   rightrsasigkey2=0sAQ
      errs   leftckaid=01 leftcert2=x leftca2=x leftauth2=psk leftid2=@x leftgroups=x
      errs   leftcertpolicy=1.2
      reads  leftsendcert=never leftsendcert=sendifasked leftsendcert=always leftca=%any leftca=%same
      warns  leftnexthop=2001:db8::9 leftupdown=x leftfirewall=yes lefthostaccess=yes leftallowany=yes
      reads  leftnexthop=%direct rightnexthop=%defaultroute leftfirewall=no leftikeport=500
      errs   leftikeport=501 leftxauthserver=yes leftxauthclient=yes leftxauthname=x leftusername=x
      reads  leftxauthserver=no leftxauthclient=no rightdns=2001:db8::53
      warns  leftmodecfgserver=yes leftmodecfgclient=yes leftmodecfgwins1=x
      reads  leftauth=psk rightauth=psk authby=psk authby=secret
      warns  authby=secret|rsasig
      errs   authby=rsasig authby=never authby=null leftauth=xauth
      reads  ike=aes128-sha-modp1024! ike=3des-md5;modp1024! ike=aes256-sha2_256-modp2048 esp=aes128-sha1
      reads  esp=null-sha1! phase2alg=3des-md5 phase2=esp auth=esp
      errs   ike=des-md5 ike=aes128-sha1-modp768 ike=blowfish128-sha1 esp=twofish-sha1 ah=sha1 phase2=ah
      reads  pfs=yes pfs=no pfsgroup=modp1536 aggrmode=yes aggressive=no keyexchange=ikev1
      reads  ikelifetime=1h keylife=8h lifetime=1h salifetime=1h rekeymargin=5m margintime=5m
      reads  rekeyfuzz=50% keyingtries=0 keyingtries=%forever rekey=no
      reads  dpddelay=30 dpdtimeout=120 dpdaction=hold dpdaction=clear dpdaction=restart dpdaction=restart_by_peer
      warns  closeaction=restart inactivity=10m
      reads  closeaction=none reauth=no reauth=yes lifebytes=1000000 marginbytes=1000 lifepackets=1000 reqid=7
      reads  connaddrfamily=ipv6 connaddrfamily=inet6 clientaddrfamily=ipv6 tunneladdrfamily=ipv6
      reads  endaddrfamily=v6 hostaddrfamily=ipv6
      errs   connaddrfamily=ipv4 endaddrfamily=inet
      reads  forceencaps=yes encapsulation=no fragmentation=yes fragmentation=no mobike=no tfc=0
      reads  session-resumption=yes session-resumption=no
      reads  replay_window=32 installpolicy=yes
      warns  metric=100 mtu=1400 overlapip=yes sareftrack=conntrack failureshunt=drop narrowing=no
      warns  nm_configured=yes remote_peer_type=cisco ipsec-interface=1 connalias=y ikedscp=100000
      reads  overlapip=no sareftrack=no failureshunt=none narrowing=yes nm_configured=no
      errs   sha2_truncbug=yes sha256_96=yes labeled_ipsec=yes policy_label=x installpolicy=no
      errs   mark=1 mark_in=1 mark_out=1 xauth=client xauth_identity=x eap=md5
      warns  modeconfig=push
      reads  sha2_truncbug=no sha256_96=no labeled_ipsec=no modeconfig=pull mediation=no
      reads  aaa_identity=x
      errs   mediation=yes mediated_by=x me_peerid=x
      errs   spi=0x200 espenckey=0x00 espauthkey=0x00 espreplay_window=32
      errs   also=nobody alsoflip=nobody
      reads  also=%default auto=add auto=route auto=start auto=up auto=ondemand auto=keep
      errs   auto=maybe
      reads  ikev2=no ikev2=never
      warns  ikev2=permit
      """;

  private static final String BASE =
      """
      conn x
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        keyexchange=ikev1
        authby=secret
        ike=aes128-sha256-modp2048!
        auto=add
      """;

  @TempDir Path folder;

  /// A key with a value, and what becomes of it.
  record Case(String outcome, String line) {}

  static Stream<Case> setup() {
    return cases(SETUP);
  }

  static Stream<Case> conn() {
    return cases(CONN);
  }

  private static Stream<Case> cases(String table) {
    return table
        .lines()
        .flatMap(
            line ->
                Stream.of(line.substring(7).split(" (?=[a-z0-9_-]+=)"))
                    .map(setting -> new Case(line.substring(0, 5).strip(), setting.strip())));
  }

  @ParameterizedTest
  @MethodSource
  void setup(Case each) throws IOException {
    assertEquals(each.outcome(), outcome("config setup\n  " + each.line() + "\n" + BASE, 2));
  }

  @ParameterizedTest
  @MethodSource
  void conn(Case each) throws IOException {
    assertEquals(each.outcome(), outcome(BASE + "  " + each.line() + "\n", 8));
  }

  /// {@return what becomes of the key in a line of the text, and that it is said once}
  private String outcome(String text, int line) throws IOException {
    ConfFolder files = new ConfFolder(folder);
    try {
      Configuration read =
          Configuration.read(
              List.of(files.file("ipsec.conf", text), files.secrets()), ConfFolder.HOST);
      List<Warning> about =
          read.warnings().stream()
              .filter(warning -> warning.place().line() == line)
              .filter(warning -> !warning.text().contains("stands here twice"))
              .filter(warning -> !warning.text().contains("RFC 9395"))
              .toList();
      assertTrue(about.size() <= 1, about.toString());
      assertTrue(about.stream().allMatch(warning -> warning.place().column() >= 3));
      return about.isEmpty() ? "reads" : "warns";
    } catch (ConfigException e) {
      assertEquals(1, e.problems().size(), e.getMessage());
      assertEquals(line, e.problems().getFirst().place().line(), e.getMessage());
      assertTrue(e.problems().getFirst().place().column() >= 3, e.getMessage());
      return "errs";
    }
  }
}
