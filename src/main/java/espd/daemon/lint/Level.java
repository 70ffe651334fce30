package espd.daemon.lint;

/// How a standard ranks an algorithm (RFC 8247, RFC 8221, RFC 2119).
public enum Level {
  /// Every implementation has it.
  MUST("MUST"),
  /// It will be a MUST.
  SHOULD_PLUS("SHOULD+"),
  /// Most implementations have it.
  SHOULD("SHOULD"),
  /// A MUST on its way out.
  MUST_MINUS("MUST-"),
  /// Whoever likes it.
  MAY("MAY"),
  /// The standard does not speak of it.
  UNLISTED("unlisted"),
  /// Better not.
  SHOULD_NOT("SHOULD NOT"),
  /// Broken.
  MUST_NOT("MUST NOT");

  private final String words;

  Level(String words) {
    this.words = words;
  }

  /// {@return as the standards write it}
  @Override
  public String toString() {
    return words;
  }
}
