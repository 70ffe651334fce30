package espd.daemon.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a run of the readers has to say, collected so that it is said at once. For one thread.
final class Findings {

  private final Set<Problem> problems = new LinkedHashSet<>();
  private final Set<Warning> warnings = new LinkedHashSet<>();

  void problem(Place place, String read, String expected) {
    problems.add(new Problem(place, read, expected));
  }

  void problem(Unreadable unreadable) {
    problems.add(unreadable.problem());
  }

  void warn(Place place, String text) {
    warnings.add(new Warning(place, text));
  }

  int problemCount() {
    return problems.size();
  }

  List<Warning> warnings() {
    return new ArrayList<>(warnings);
  }

  void throwProblems() throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(List.copyOf(problems));
    }
  }
}
