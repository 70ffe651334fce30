package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

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
    privately(file);
    return file;
  }

  /// Has nobody but its owner read a file.
  static void privately(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /// Runs openssl, which makes keys and certificates.
  ///
  /// @param folder where it runs
  /// @param arguments between blanks
  static void openssl(Path folder, String arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(("openssl " + arguments).split(" ", -1)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, process.waitFor(), arguments);
  }
}
