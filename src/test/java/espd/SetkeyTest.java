package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.SadEntry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// SAs by hand between two hosts that have nothing but a file of setkey each.
@InLab
class SetkeyTest {

  @RegisterExtension private final Lab lab = new Lab();

  private static final String SAS =
      """
      #!/sbin/setkey -f
      flush;
      spdflush;
      add 2001:db8:1:1::1 2001:db8:2:2::2 esp 0x0a6e53c4 -m MODE
          -E 3des-cbc 0xbd26bc45aea0d249ef9c6b897056080f5d9fa49c924e2edd
          -A hmac-md5 0x60c2c505517dd8b7c9609128a5efc2db;
      add 2001:db8:2:2::2 2001:db8:1:1::1 esp 0x0f22bfab -m MODE
          -E 3des-cbc 0xc1ddba6583debd623f6683c120e747ac933d203f4777a7ce
          -A hmac-md5 0x3f957db99adddc8c44e5739d3f53ca0e;
      """;

  private static String file(String mode, String here, String there) {
    String rule = mode.equals("tunnel") ? "esp/tunnel/%s-%s/require" : "esp/transport//require";
    return SAS.replace("MODE", mode)
        + "spdadd %s %s any -P out ipsec %s;\n".formatted(here, there, rule.formatted(here, there))
        + "spdadd %s %s any -P in ipsec %s;\n".formatted(there, here, rule.formatted(there, here));
  }

  private Espd start(Host host, Host peer, String mode) {
    return Espd.startWith(lab, host, "setkey.conf", file(mode, host.address(), peer.address()));
  }

  @Test
  void twoHostsWithAFileOfSetkeyEachPingInTransportMode() {
    pings("transport");
  }

  @Test
  void twoHostsWithAFileOfSetkeyEachPingInTunnelMode() {
    pings("tunnel");
  }

  private void pings(String mode) {
    Espd a = start(lab.a(), lab.b(), mode);
    start(lab.b(), lab.a(), mode);
    Capture capture = Capture.start(lab, lab.a());
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    capture.stop();
    assertEquals(List.of(), capture.pingsInTheClear());
    SadEntry out = a.sa(lab.a(), lab.b());
    assertEquals(mode + " 0x0a6e53c4 6", out.mode() + " " + out.spi() + " " + out.packets());
    assertTrue(a.control("setkey", "-D").succeeded().out().contains("reqid=0(0x00000000)"));
  }
}
