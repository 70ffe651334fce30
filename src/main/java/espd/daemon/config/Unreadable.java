package espd.daemon.config;

/// One value cannot be read; its reader goes on with the next one.
final class Unreadable extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  Unreadable(Place place, String read, String expected) {
    super(read);
    this.problem = new Problem(place, read, expected);
  }

  Unreadable(Value value, String expected) {
    this(value.place(), value.quoted(), expected);
  }

  Problem problem() {
    return problem;
  }
}
