package espd.daemon.config;

import java.util.List;
import java.util.stream.Collectors;

/// The files do not make a configuration: every reason found in one run. Nothing of them is used.
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /// @param problems at least one
  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// {@return the reasons, in the order they were found}
  public List<Problem> problems() {
    return problems;
  }
}
