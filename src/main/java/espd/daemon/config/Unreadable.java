package espd.daemon.config;

/// One value cannot be read; its reader goes on with the next one.
public final class Unreadable extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /// @param place where
  /// @param read what stands there; never a secret
  /// @param expected what could stand there
  public Unreadable(Place place, String read, String expected) {
    super(read);
    this.problem = new Problem(place, read, expected);
  }

  /// @param value what stands there, which is no secret
  /// @param expected what could stand there
  public Unreadable(Value value, String expected) {
    this(value.place(), value.quoted(), expected);
  }

  /// {@return why}
  public Problem problem() {
    return problem;
  }
}
