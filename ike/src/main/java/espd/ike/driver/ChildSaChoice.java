package espd.ike.driver;

/// Which Child SAs a command means. Asked on the event loop.
@FunctionalInterface
public interface ChildSaChoice {

  /// {@return whether it means this one}
  ///
  /// @param ikeSa that `child` belongs to
  boolean includes(IkeSaView ikeSa, ChildSaView child);
}
