package espd.metrics;

/// What the status page shows: the program's state as it is now. Implemented by the program, since
/// this module knows nothing of what it serves.
@FunctionalInterface
public interface StatusSource {

  /// Called at most once a second, whatever the number of viewers, on a thread of its own that it
  /// may block for a while.
  ///
  /// @return one JSON object (RFC 8259) with everything the page shows, and nothing secret: whoever
  ///   reaches the port reads it
  String json();
}
