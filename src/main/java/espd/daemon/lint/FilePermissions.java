package espd.daemon.lint;

import espd.daemon.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Files that others than their owner may change: who changes a connection decides what leaves
/// unprotected. Secrets that everybody may read are an error before this.
///
/// @param files as they were named
record FilePermissions(List<Path> files) implements Lint {

  FilePermissions {
    files = List.copyOf(files);
  }

  @Override
  public Stream<Remark> remarks(Configuration configuration) {
    return files.stream().flatMap(FilePermissions::remark);
  }

  private static Stream<Remark> remark(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      boolean changeable =
          permissions.contains(PosixFilePermission.GROUP_WRITE)
              || permissions.contains(PosixFilePermission.OTHERS_WRITE);
      return changeable
          ? Stream.of(
              new Remark(
                  file.toString(),
                  "others than its owner may change it ("
                      + PosixFilePermissions.toString(permissions)
                      + "); chmod go-w "
                      + file))
          : Stream.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Stream.empty();
    }
  }
}
