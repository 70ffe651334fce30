package espd.ike.driver;

/// Which IKE SAs a command means. Asked on the event loop.
@FunctionalInterface
public interface IkeSaChoice {

  /// {@return whether it means this one}
  boolean includes(IkeSaView ikeSa);
}
