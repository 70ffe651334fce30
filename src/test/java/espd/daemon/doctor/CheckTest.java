package espd.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.doctor.Finding.Level;
import espd.daemon.doctor.PortCheck.Protocol;
import espd.daemon.doctor.Tried.Nothing;
import espd.spd.Ipv6Address;
import espd.tun.HostException;
import espd.tun.HostTrial;
import espd.tun.Offload;
import espd.tun.facts.Holder;
import espd.tun.facts.ProcessStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Each check but those of routing and firewall, of hosts that are well and hosts that are not.
class CheckTest {

  private static final Tried<Nothing> DONE = new Tried.Done<>(Nothing.NOTHING);
  private static final Ipv6Address LOCAL = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address REMOTE = Ipv6Address.parse("2001:db8:2:2::2");
  private static final Holder CHARON = new Holder(812, "charon");

  private static <T> Tried<T> refused(String words) {
    return new Tried.Refused<>(new HostException(words));
  }

  private static Finding only(Check check) {
    assertEquals(1, check.findings().size(), check.findings()::toString);
    return check.findings().getFirst();
  }

  private static void says(Level level, Check check, String... words) {
    Finding finding = only(check);
    assertEquals(level, finding.level(), finding::toString);
    for (String word : words) {
      assertTrue((finding.seen() + " " + finding.mend()).contains(word), finding::toString);
    }
    assertEquals(level == Level.OK, finding.mend().isEmpty(), finding::toString);
  }

  private static ProcessStatus status(String effective, String seccomp) {
    return new ProcessStatus(
        List.of("Name:\tjava", "CapEff:\t" + effective, "Seccomp:\t" + seccomp));
  }

  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, 1024, ''",
    "0000000000003400, 1024, ''",
    "0000000000000000, 1024, 'CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW'",
    "0000000000002400, 1024, CAP_NET_ADMIN",
    "0000000000001400, 1024, --cap-add NET_RAW",
    "0000000000003000, 1024, CAP_NET_BIND_SERVICE",
    "0000000000003000, 0, ''"
  })
  void namesTheCapabilitiesThatLack(String effective, int firstPort, String lacking) {
    Level level = lacking.isEmpty() ? Level.OK : Level.FAIL;
    says(level, new CapabilityCheck(status(effective, "0"), firstPort), lacking);
  }

  @Test
  void tellsWhatConfinesTheProcess() {
    says(Level.OK, new ConfinementCheck(status("0", "0"), "unconfined"), "none");
    says(Level.OK, new ConfinementCheck(status("0", "2"), ""), "seccomp");
    says(Level.WARN, new ConfinementCheck(status("0", "0"), "docker-default (enforce)"), "dmesg");
  }

  @ParameterizedTest
  @EnumSource(Offload.class)
  void tellsHowMuchTheKernelLeavesToTheDevice(Offload offload) {
    boolean several = offload.compareTo(Offload.SEGMENTS) <= 0;
    says(
        several ? Level.OK : Level.WARN,
        new TunCheck("espd0", new Tried.Done<>(offload), false, Optional.empty(), false),
        several ? "64 KiB" : "alone");
  }

  @Test
  void namesWhoHasTheDevice() {
    Tried<Offload> made = new Tried.Done<>(Offload.SEGMENTS);
    Check foreign = new TunCheck("espd0", made, true, Optional.of(CHARON), false);
    Finding taken = foreign.findings().getLast();
    assertEquals(Level.FAIL, taken.level());
    assertTrue(taken.seen().contains("charon (pid 812)"), taken::toString);
    assertTrue(taken.mend().contains("kill 812"), taken::toString);
    Check own = new TunCheck("espd0", made, true, Optional.of(CHARON), true);
    assertEquals(Level.OK, own.findings().getLast().level());
  }

  @Test
  void saysWhatTheHostRefuses() {
    Finding tun =
        only(new TunCheck("espd0", refused("cannot open"), false, Optional.empty(), false));
    assertEquals(Finding.fail("tun device", "cannot open", ""), tun);
    assertEquals(
        Finding.fail("raw ESP", "cannot receive ESP", ""),
        only(new EspSocketCheck(refused("cannot receive ESP"))));
    says(Level.OK, new EspSocketCheck(DONE), "protocol 50");
  }

  @Test
  void namesWhoHasAPort() {
    Tried<Nothing> taken = refused("cannot bind");
    says(
        Level.OK,
        new PortCheck(Protocol.UDP, LOCAL, 500, DONE, List.of(), List.of()),
        "free at " + LOCAL);
    says(
        Level.FAIL,
        new PortCheck(Protocol.UDP, LOCAL, 500, taken, List.of(CHARON), List.of()),
        "charon (pid 812)",
        "kill 812");
    says(
        Level.OK,
        new PortCheck(Protocol.UDP, LOCAL, 500, taken, List.of(CHARON), List.of(CHARON)),
        "the daemon");
    Holder unseen = new Holder(Holder.UNSEEN, "");
    says(
        Level.FAIL,
        new PortCheck(Protocol.UDP, LOCAL, 500, taken, List.of(unseen), List.of()),
        "ss -ulpn");
  }

  /// RFC 9329 §2: TCP port 4500 where the host is to listen, and at the peer where it connects.
  @Test
  void wantsTheTcpPortFreeAndThePeersOpen() {
    Tried<Tried.Nothing> taken = refused("cannot listen");
    says(
        Level.FAIL,
        new PortCheck(Protocol.TCP, LOCAL, 4500, taken, List.of(CHARON), List.of()),
        "charon (pid 812)");
    Holder unseen = new Holder(Holder.UNSEEN, "");
    says(
        Level.FAIL,
        new PortCheck(Protocol.TCP, LOCAL, 4500, taken, List.of(unseen), List.of()),
        "ss -tlpn 'sport = :4500'");
    says(Level.OK, new StreamCheck("net", REMOTE, 4500, DONE), REMOTE + "[4500] takes");
    says(Level.WARN, new StreamCheck("net", REMOTE, 4500, refused("no")), "listen-tcp=yes");
  }

  @Test
  void wantsIpv6AndForwardingForOthers() {
    says(Level.FAIL, new Ipv6Check(false, List.of(), false, List.of()), "modprobe ipv6");
    says(
        Level.FAIL,
        new Ipv6Check(true, List.of("all"), false, List.of()),
        "sysctl -w net.ipv6.conf.all.disable_ipv6=0");
    says(
        Level.FAIL,
        new Ipv6Check(true, List.of(), false, List.of("site")),
        "site",
        "sysctl -w net.ipv6.conf.all.forwarding=1");
    says(Level.OK, new Ipv6Check(true, List.of(), true, List.of("site")), "forwarding");
    says(Level.OK, new Ipv6Check(true, List.of(), false, List.of()), "rp_filter");
  }

  @ParameterizedTest
  @CsvSource({"1500, OK", "1400, OK", "1399, WARN", "1280, WARN", "1279, FAIL"})
  void wantsLinksThatTakeEspAroundTheLeastMtu(int mtu, Level level) {
    says(level, new LinkCheck(Map.of("wire", mtu), 1400), "" + mtu);
  }

  @ParameterizedTest
  @CsvSource({"1500, OK, MTU 1500", "1280, WARN, cuts", "1399, WARN, tracepath"})
  void wantsPathsThatTakeIt(int mtu, Level level, String word) {
    Tried<HostTrial.Path> path = new Tried.Done<>(new HostTrial.Path(REMOTE, LOCAL, mtu));
    says(level, new PathCheck("net", LOCAL, path, 1400), word);
  }

  @Test
  void wantsARouteFromTheAddressOfTheConnection() {
    Tried<HostTrial.Path> path = new Tried.Done<>(new HostTrial.Path(REMOTE, REMOTE, 1500));
    says(Level.WARN, new PathCheck("net", LOCAL, path, 1400), "ip -6 route get " + REMOTE);
    assertEquals(Level.FAIL, only(new PathCheck("net", LOCAL, refused("no route"), 1400)).level());
  }

  @Test
  void wantsAFilterThatIsTheDaemons() {
    says(Level.OK, new FilterCheck(DONE, "espd_espd0", false, false), "takes a table");
    says(Level.OK, new FilterCheck(DONE, "espd_espd0", true, true), "stands");
    says(
        Level.WARN,
        new FilterCheck(DONE, "espd_espd0", true, false),
        "nft delete table ip6 espd_espd0");
    says(Level.WARN, new FilterCheck(DONE, "espd_espd0", false, true), "cleartext is let in");
    Finding without = only(new FilterCheck(refused("cannot run \"nft\""), "t", false, false));
    assertEquals(Level.WARN, without.level());
    assertTrue(without.seen().contains("RFC 4301 §5.2"), without::toString);
  }

  @Test
  void wantsAClockThatIsKept() {
    Instant today = Instant.parse("2026-11-27T00:00:00Z");
    says(Level.OK, new ClockCheck(today, new Tried.Done<>(true)), "kept");
    says(Level.WARN, new ClockCheck(today, new Tried.Done<>(false)), "timedatectl set-ntp true");
    says(Level.FAIL, new ClockCheck(Instant.EPOCH, new Tried.Done<>(true)), "1970-01-01");
  }

  @Test
  void wantsRandomNumbersAtOnce() {
    says(Level.OK, new EntropyCheck(new Tried.Done<>(true)), "at once");
    says(Level.FAIL, new EntropyCheck(new Tried.Done<>(false)), "virtio-rng");
  }

  @Test
  void warnsOfAKernelThatDoesIpsecToo() {
    says(Level.OK, new KernelEspCheck(false, false, List.of()), "what espd is for");
    says(Level.OK, new KernelEspCheck(true, true, List.of()), "unused");
    List<String> policies =
        List.of("src 2001:db8:1:1::1/128 dst 2001:db8:2:2::2/128 ", "\tdir out priority 0 ");
    says(
        Level.FAIL,
        new KernelEspCheck(true, true, policies),
        "1 IPsec policies",
        "ip xfrm policy flush");
  }

  @Test
  void wantsMemoryForADaemonUnderLoad() {
    says(Level.OK, new MemoryCheck(OptionalLong.empty()), "no limit");
    says(Level.OK, new MemoryCheck(OptionalLong.of(512 << 20)), "512 MiB");
    says(Level.WARN, new MemoryCheck(OptionalLong.of(128 << 20)), "MemoryMax=320M");
  }

  @Test
  void wantsAJavaThatEspdIsFor() {
    says(Level.OK, new JavaCheck("Java 25.0.3", 25, true), "25.0.3");
    says(Level.FAIL, new JavaCheck("Java 21.0.1", 21, true), "openjdk-25-jre");
    says(Level.WARN, new JavaCheck("Java 25.0.3", 25, false), "--enable-native-access");
  }

  @Test
  void saysWhichEngineIsMissing() {
    Check missing =
        new CipherCheck(
            "ipsec-mb", new CipherCheck.Lack("there is no libIPSec_MB.so.1", "install it"), true);
    says(Level.WARN, missing, "libIPSec_MB.so.1");
  }

  @Test
  void tellsOfADaemonAndOfFiles() {
    Path control = Path.of("/run/espd.ctl");
    says(Level.OK, new DaemonCheck(control, Optional.of("0.1")), "espd 0.1 answers");
    says(Level.OK, new DaemonCheck(control, Optional.empty()), "none answers");
    says(Level.OK, new ConfigurationCheck(List.of(), Optional.empty(), List.of()), "none named");
  }
}
