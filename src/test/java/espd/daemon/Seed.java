package espd.daemon;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.ike.Connection;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Connections between two hosts, read from a file as the program reads them.
final class Seed {

  static final Ipv6Address LOCAL = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address REMOTE = Ipv6Address.parse("2001:db8:2:2::2");

  private Seed() {}

  /// {@return the connections of an ipsec.conf whose conn `net` has these further lines}
  static List<Connection> connections(Path folder, String... lines)
      throws ConfigException, IOException {
    StringBuilder text = new StringBuilder("conn net\n");
    for (String line :
        List.of("left=" + LOCAL, "right=" + REMOTE, "authby=secret", "keyexchange=ikev2")) {
      text.append('\t').append(line).append('\n');
    }
    for (String line : lines) {
      text.append('\t').append(line).append('\n');
    }
    text.append("\tauto=add\n");
    Path file = Files.writeString(folder.resolve("ipsec.conf"), text);
    return Configuration.read(List.of(file), HostView.of(LOCAL)).connections();
  }
}
