package espd.daemon.doctor;

import espd.daemon.config.Configuration;
import espd.daemon.config.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether the files can be used on this host.
///
/// @param files as they were named, none when no one was
/// @param read what they say, where they can be used
/// @param problems why they cannot
record ConfigurationCheck(List<Path> files, Optional<Configuration> read, List<Problem> problems)
    implements Check {

  private static final String SUBJECT = "configuration";

  ConfigurationCheck {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }

  @Override
  public List<Finding> findings() {
    if (files.isEmpty()) {
      return List.of(
          Finding.ok(SUBJECT, "none named (--config): ports are tried at all addresses, no paths"));
    }
    String check =
        "espd check " + files.stream().map(Path::toString).collect(Collectors.joining(" "));
    if (read.isEmpty()) {
      return problems.stream()
          .map(problem -> Finding.fail(SUBJECT, problem.toString(), check))
          .toList();
    }
    int warnings = read.get().warnings().size();
    String seen = "can be used here, connections: " + read.get().connections().size();
    return List.of(
        warnings == 0
            ? Finding.ok(SUBJECT, seen)
            : Finding.warn(SUBJECT, seen + ", warnings: " + warnings, check));
  }
}
