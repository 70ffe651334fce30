package espd.daemon.config;

import espd.spd.Ipv6Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Any octets as an `ipsec.conf`, an `ipsec.secrets` or a `swanctl.conf`: a target for Jazzer,
/// which calls [#fuzzerTestOneInput], and for [FilesFuzzTest].
public final class FilesFuzz {

  private static final List<String> NAMES = List.of("ipsec.conf", "ipsec.secrets", "swanctl.conf");

  private static final HostView HERE = HostView.of(Ipv6Address.parse("2001:db8:1:1::1"));

  private static final Path FOLDER = folder();

  private FilesFuzz() {}

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("espd-fuzz");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a file of each kind; nothing comes of it but a configuration, or a [ConfigException].
  ///
  /// @param data what the file holds
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    for (String name : NAMES) {
      Path file = FOLDER.resolve(name);
      file.toFile().deleteOnExit();
      Files.write(file, data);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      try {
        Configuration.read(List.of(file), HERE).credentials().close();
      } catch (ConfigException e) {
        if (e.problems().isEmpty()) {
          throw new IllegalStateException("an error without a reason", e);
        }
      }
    }
  }
}
