package espd.daemon.racoon;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.config.Problem;
import espd.daemon.config.Warning;
import espd.ike.Connection;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assertions;

/// A folder with the files of the seed, for its first host, some with other text.
final class RacoonFolder {

  static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");
  static final HostView HOST = HostView.of(HERE);

  private final Path path;
  private final Set<Path> files = new LinkedHashSet<>();

  RacoonFolder(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /// Adds a file of the seed, as it stands there.
  RacoonFolder seed(String name) throws IOException {
    return with(name, SeedFiles.text(name));
  }

  /// Adds a file.
  RacoonFolder with(String name, String text) throws IOException {
    Path file = Files.writeString(path.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    files.add(file);
    return this;
  }

  Configuration read() throws ConfigException {
    return read(HOST);
  }

  Configuration read(HostView host) throws ConfigException {
    return ConfigurationFiles.read(List.copyOf(files), host);
  }

  List<Connection> connections() throws ConfigException {
    return read().connections();
  }

  List<String> warnings() throws ConfigException {
    return read().warnings().stream().map(Warning::toString).map(this::local).toList();
  }

  List<String> problems() {
    return Assertions.assertThrows(ConfigException.class, this::read).problems().stream()
        .map(Problem::toString)
        .map(this::local)
        .toList();
  }

  private String local(String text) {
    return text.replace(path + "/", "");
  }
}
