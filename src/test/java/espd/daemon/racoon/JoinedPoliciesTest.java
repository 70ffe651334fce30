package espd.daemon.racoon;

import static espd.daemon.racoon.RacoonFolder.HERE;
import static espd.daemon.racoon.RacoonFolder.THERE;
import static espd.daemon.racoon.RacoonText.REMOTE;
import static espd.daemon.racoon.RacoonText.SAINFO;
import static espd.daemon.racoon.RacoonText.remoteWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.ike.Connection;
import espd.ike.Connection.Start;
import espd.spd.AddressRange;
import espd.spd.Mode;
import espd.spd.Reqid;
import espd.spd.Selector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which connections there are: one for each policy of setkey's, and those of peers that bring
/// their policies.
class JoinedPoliciesTest {

  private RacoonFolder folder;

  @BeforeEach
  void folder(@TempDir Path path) throws IOException {
    folder = new RacoonFolder(path).seed("psk.txt");
  }

  @Test
  void eachPolicyIsAConnection() throws ConfigException, IOException {
    String policies =
        """
        spdadd 2001:db8:a::/64 2001:db8:b::/64 any -P out ipsec
          esp/tunnel/2001:db8:1:1::1-2001:db8:2:2::2/require;
        spdadd 2001:db8:1:1::1 2001:db8:2:2::2[443] tcp -P out ipsec
          esp/transport//unique;
        spdadd 2001:db8:2:2::2 2001:db8:1:1::1 any -P in ipsec esp/transport//require;
        spdadd 2001:db8:1:1::1 2001:db8:3:3::3 any -P out ipsec esp/transport//require;
        spdadd 2001:db8:1:1::1 2001:db8:2:2::2 udp -P out none;
        """;
    List<Connection> connections =
        folder
            .with("racoon.conf", REMOTE + SAINFO.replaceFirst("sainfo .*", "sainfo anonymous"))
            .with("setkey.conf", policies)
            .connections();
    assertEquals(
        List.of(
            "2001:db8:2:2::2/2001:db8:a::/64-2001:db8:b::/64",
            "2001:db8:2:2::2/2001:db8:1:1::1-2001:db8:2:2::2[443]-6"),
        connections.stream().map(Connection::name).toList());
    assertEquals(
        List.of(true, false),
        connections.stream().map(each -> Reqid.isByEnds(each.reqid())).toList());
  }

  @Test
  void policiesThatComeLaterAreJoinedThen() throws ConfigException, IOException {
    Configuration read = folder.seed("racoon.conf").seed("transport.sh").read();
    assertEquals(read.connections(), read.connections(read.byHand().policies()));
    assertEquals(List.of(), read.connections(List.of()));
  }

  // --- peers that begin

  @Test
  void peersMayBringTheirPolicies() throws ConfigException, IOException {
    String remote =
        remoteWith("passive on; generate_policy on;")
            .replace("remote 2001:db8:2:2::2", "remote anonymous");
    folder.with(
        "racoon.conf",
        "listen { isakmp 2001:db8:1:1::1; }\n"
            + remote
            + SAINFO.replaceFirst("sainfo .*", "sainfo anonymous"));
    Connection connection = folder.connections().getFirst();
    assertEquals(
        JoiningTest.seed(Mode.TUNNEL)
            .name("anonymous/::/0-::/0")
            .remote(Optional.empty())
            .selectors(List.of(Selector.between(AddressRange.ANY, AddressRange.ANY)))
            .reqid(16_385)
            .start(Start.ADD)
            .build(),
        connection);
    assertEquals(List.of(HERE), folder.read().keying().listening());
  }

  @Test
  void aPeersPoliciesAreWithinItsSainfo() throws ConfigException, IOException {
    folder.with(
        "racoon.conf",
        remoteWith("generate_policy on;")
            + SAINFO.replaceFirst("sainfo .*", "sainfo address 2001:db8:a::/64 any anonymous"));
    Connection connection = folder.connections().getFirst();
    assertEquals(Optional.of(THERE), connection.remote());
    assertEquals(
        List.of(Selector.between(AddressRange.parse("2001:db8:a::/64"), AddressRange.ANY)),
        connection.selectors());
  }
}
