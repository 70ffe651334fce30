package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `espd doctor` on hosts that are well and on hosts with planted faults: each is named with its
/// mend, and the host is as it was afterwards.
@InLab
class DoctorTest {

  @RegisterExtension private final Lab lab = new Lab();

  private void files(String more) throws IOException {
    write(
        "ipsec.conf",
        """
        conn net
            keyexchange=ikev2
            authby=secret
            left=2001:db8:1:1::1
            right=2001:db8:2:2::2
            %s
            auto=add
        """
            .formatted(more));
    write("ipsec.secrets", ": PSK \"verysecret\"\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = Files.writeString(lab.a().directory().resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Output doctor(String... prefix) {
    Host host = lab.a();
    String before = host.state();
    String files = host.directory() + "/ipsec.";
    List<String> words = new ArrayList<>(List.of(prefix));
    words.addAll(
        List.of(
            Espd.command(
                "doctor",
                "--control",
                host.directory() + "/control",
                "--config",
                files + "conf",
                "--config",
                files + "secrets")));
    Output output = host.run(words.toArray(String[]::new));
    assertEquals(before, host.state(), "something is left of a trial");
    return output;
  }

  /// {@return the line about something and its mend}
  private static String about(Output output, String words) {
    List<String> lines = output.out().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(words)) {
        boolean mended = i + 1 < lines.size() && lines.get(i + 1).contains(" mend: ");
        return mended ? lines.get(i) + "\n" + lines.get(i + 1) : lines.get(i);
      }
    }
    throw new AssertionError("nothing about " + words + " in " + output);
  }

  private static void says(Output output, String level, String... words) {
    String finding = about(output, words[0]);
    assertTrue(finding.startsWith(level), finding);
    for (String word : words) {
      assertTrue(finding.contains(word), () -> word + " is not in " + finding);
    }
  }

  @Test
  void aHealthyHostFailsInNothing() throws IOException {
    files("type=tunnel");
    Output output = doctor().succeeded();
    assertFalse(output.out().contains("\nfail"), output::toString);
    for (String subject :
        List.of("tun device", "raw ESP", "udp 500", "udp 4500", "routing", "nftables")) {
      says(output, "ok", subject + " ");
    }
    says(output, "ok", "link wire", "MTU 1500");
    says(output, "ok", "path net", "MTU 1500");
    says(output, "ok", "cipher jdk", "MB/s");
  }

  @Test
  void namesFaultsOfTheNetwork() throws IOException {
    files("leftsubnet=2001:db8:a::/64\n    rightsubnet=2001:db8:b::/64");
    lab.a().run("ip", "link", "set", "wire", "mtu", "1280").succeeded();
    lab.a()
        .run("ip", "-6", "rule", "add", "pref", "7", "fwmark", "4303", "lookup", "77")
        .succeeded();
    Running other =
        lab.closing(
            lab.a()
                .start(
                    "other",
                    "/usr/bin/python3",
                    "-c",
                    "import socket, time; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM);"
                        + " s.bind(('::', 500)); print('bound', flush=True); time.sleep(60)"));
    other.awaitLog("bound", Duration.ofSeconds(20));
    Output output = doctor().failed();
    says(output, "fail", "udp 500", "held by python3 (pid ", "kill ");
    says(output, "ok", "udp 4500");
    says(output, "fail", "rule 7: from all fwmark 0x10cf lookup 77", "ip -6 rule del pref 7");
    says(output, "warn", "link wire", "MTU of 1280", "ip link set dev wire mtu 1500");
    says(output, "warn", "path net", "MTU of 1280");
    says(output, "fail", "forwarding", "sysctl -w net.ipv6.conf.all.forwarding=1");
  }

  @Test
  void namesWhatTheHostLacks() throws IOException {
    files("type=tunnel");
    Output output =
        doctor(
            "unshare",
            "-m",
            "sh",
            "-c",
            "mount -t tmpfs none /dev/net && mount --bind /dev/null $(command -v nft)"
                + " && exec \"$@\"",
            "sh");
    output.failed();
    says(output, "fail", "tun device", "cannot open /dev/net/tun", "modprobe tun");
    says(output, "warn", "nftables", "cannot run \"nft\"", "apt install nftables");
    says(output, "ok", "raw ESP");
  }

  @Test
  void namesTheCapabilitiesThatLack() throws IOException {
    files("type=tunnel");
    Output output = doctor("setpriv", "--bounding-set", "-net_admin,-net_raw").failed();
    says(output, "fail", "capabilities", "without CAP_NET_ADMIN, CAP_NET_RAW", "--cap-add");
    says(output, "fail", "tun device", "CAP_NET_ADMIN");
    says(output, "fail", "raw ESP", "CAP_NET_RAW");
    says(output, "fail", "routing", "CAP_NET_ADMIN");
  }

  @Test
  void knowsTheDaemonBesideItAndWhatAKilledOneLeft() {
    Espd espd =
        Espd.start(
            lab,
            lab.a(),
            """
            keyexchange=ikev2
            authby=secret
            left=2001:db8:1:1::1
            right=2001:db8:2:2::2
            auto=route
            """);
    Output beside = doctor().succeeded();
    says(beside, "ok", "daemon ", "answers at");
    says(beside, "ok", "udp 500", "of the daemon, java (pid ");
    says(beside, "ok", "espd0 ", "of the daemon");
    says(beside, "ok", "routing", "the daemon's rule stands");
    espd.daemon().kill();
    Output after = doctor().succeeded();
    says(
        after,
        "warn",
        "was left by a daemon that was killed; the next",
        "ip -6 rule del pref 4303");
    says(after, "warn", "still drops cleartext", "nft delete table ip6 espd_espd0");
  }
}
