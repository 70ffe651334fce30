package espd.spd;

/// One statement of the SPD (RFC 4301 §4.4.1): for packets of this direction and selector, this.
///
/// @param connection the name of the connection it comes from, for people
/// @param direction the packets' direction
/// @param selector the packets
/// @param priority lower ones are asked first, as unsigned numbers; equal ones in the order they
///   were added
/// @param processing what is done with them
public record Policy(
    String connection,
    Direction direction,
    Selector selector,
    int priority,
    Processing processing) {

  /// The priority of a policy that names none; setkey prints no priority for it.
  public static final int DEFAULT_PRIORITY = 0;
}
