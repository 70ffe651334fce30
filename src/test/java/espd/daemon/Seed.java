package espd.daemon;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.config.SwanctlReader;
import espd.ike.Connection;
import espd.ike.Keychain;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.OuterTraffic;
import espd.spd.SaParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /// {@return a connection of that name}
  static Connection named(String name) {
    Map<String, List<String>> keys =
        Map.of(
            "local_addrs",
            List.of(LOCAL.toString()),
            "remote_addrs",
            List.of(REMOTE.toString()),
            "local.auth",
            List.of("psk"),
            "remote.auth",
            List.of("psk"),
            "children." + name + ".mode",
            List.of("tunnel"));
    try {
      return SwanctlReader.read(name, keys, HostView.of(LOCAL), Keychain.EMPTY)
          .connections()
          .getFirst();
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  /// {@return one direction of an SA of a connection, in AES-GCM, made at the epoch}
  static SaParameters sa(int spi, Connection connection) {
    return sa(spi, connection, new Lifetime(2880, 3600, 0, 0, 0, 0));
  }

  /// {@return the same with another lifetime}
  static SaParameters sa(int spi, Connection connection, Lifetime lifetime) {
    return new SaParameters(
        spi,
        connection.name(),
        connection.reqid(),
        connection.mode(),
        LOCAL,
        REMOTE,
        Optional.empty(),
        new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE),
        KeyMaterial.copyOf(new byte[20]),
        KeyMaterial.none(),
        false,
        64,
        lifetime,
        OuterTraffic.DEFAULT,
        connection.selectors(),
        Instant.EPOCH);
  }
}
