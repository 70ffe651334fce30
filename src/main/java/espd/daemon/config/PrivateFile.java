package espd.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files that secrets stand in.
final class PrivateFile {

  private PrivateFile() {}

  /// Everybody may read no file that secrets stand in.
  ///
  /// @param findings are told when everybody may
  static void require(Path file, Findings findings) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        findings.problem(
            Place.of(file),
            "secrets that everybody may read (" + PosixFilePermissions.toString(permissions) + ")",
            "a private file: chmod 600 " + file);
      }
    } catch (IOException | UnsupportedOperationException e) {
      findings.warn(Place.of(file), "cannot tell who may read it: " + e.getMessage());
    }
  }
}
