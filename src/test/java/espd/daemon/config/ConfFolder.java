package espd.daemon.config;

import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A folder of configuration files, for the host and the peer of the seed.
record ConfFolder(Path path) {

  static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");
  static final HostView HOST = HostView.of(HERE);

  /// A connection that lacks nothing; further lines may follow.
  static final String BASE =
      """
      conn x
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        keyexchange=ikev2
        authby=secret
        auto=add
      """;

  Path file(String name, String text) throws IOException {
    return Files.writeString(path.resolve(name), text);
  }

  /// The seed's ipsec.secrets.
  Path secrets() throws IOException {
    Path file =
        file("ipsec.secrets", "2001:db8:1:1::1 2001:db8:2:2::2 : PSK      \"verysecret\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }
}
