package espd.daemon.lint;

import espd.daemon.config.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A kind of thing to think over.
public sealed interface Lint
    permits FilePermissions, GroupStrength, LifetimeSense, Overlaps, SecretStrength {

  /// {@return what this kind has to say of a configuration}
  Stream<Remark> remarks(Configuration configuration);

  /// {@return what all kinds have to say}
  ///
  /// @param files that the configuration was read from
  static List<Remark> all(Configuration configuration, List<Path> files) {
    List<Lint> lints =
        List.of(
            new FilePermissions(files),
            new GroupStrength(),
            new SecretStrength(),
            new LifetimeSense(),
            new Overlaps());
    return lints.stream().flatMap(lint -> lint.remarks(configuration)).distinct().toList();
  }
}
