package espd.daemon.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a run of the readers has to say, collected so that it is said at once. For one thread.
public final class Findings {

  private final Set<Problem> problems = new LinkedHashSet<>();
  private final Set<Warning> warnings = new LinkedHashSet<>();

  /// Nothing yet.
  public Findings() {}

  /// Notes why the files cannot be used.
  public void problem(Place place, String read, String expected) {
    problems.add(new Problem(place, read, expected));
  }

  /// Notes why the files cannot be used.
  public void problem(Unreadable unreadable) {
    problems.add(unreadable.problem());
  }

  /// Notes what is used, but not quite as it is written.
  public void warn(Place place, String text) {
    warnings.add(new Warning(place, text));
  }

  /// What can be read, or not.
  @FunctionalInterface
  interface Reading<T> {
    T read() throws Unreadable;
  }

  /// {@return what `reading` reads; where it cannot, that is a problem, and `otherwise` serves
  /// until all are found}
  <T> T tried(Reading<T> reading, T otherwise) {
    try {
      return reading.read();
    } catch (Unreadable e) {
      problem(e);
      return otherwise;
    }
  }

  /// {@return how many reasons there are not to use the files}
  public int problemCount() {
    return problems.size();
  }

  /// {@return the problems, in the order they were found}
  public List<Problem> problems() {
    return new ArrayList<>(problems);
  }

  /// {@return the warnings, in the order they were found}
  public List<Warning> warnings() {
    return new ArrayList<>(warnings);
  }

  /// Ends the reading where there are problems.
  ///
  /// @throws ConfigException with all of them
  public void throwProblems() throws ConfigException {
    if (!problems.isEmpty()) {
      throw exception();
    }
  }

  /// {@return the problems, of which there are some}
  ConfigException exception() {
    return new ConfigException(List.copyOf(problems));
  }
}
