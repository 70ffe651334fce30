package espd.tun.facts;

/// A process that has something which only one can have.
///
/// @param pid its number, [#UNSEEN] where it cannot be told
/// @param name as `ps` shows it; empty where it cannot be told
public record Holder(long pid, String name) {

  /// The number of a process that only root sees, or that runs in another PID namespace.
  public static final long UNSEEN = -1;

  /// A process that cannot be told.
  static final Holder UNKNOWN = new Holder(UNSEEN, "");

  /// {@return `NAME (pid N)`, or that it cannot be told}
  @Override
  public String toString() {
    return pid == UNSEEN ? "a process that cannot be seen from here" : name + " (pid " + pid + ")";
  }
}
