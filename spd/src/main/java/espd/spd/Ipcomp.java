package espd.spd;

/// What one direction of an SA says before what it has compressed (RFC 3173 §3.3). The algorithm is
/// DEFLATE (RFC 2394), for there is no other here. Immutable.
///
/// @param cpi the compression parameter index that its packets bear, a 16-bit unsigned number:
///   [#DEFLATE], or one that the receiver chose
public record Ipcomp(int cpi) {

  /// The protocol number of IPComp, the next header that stands before it.
  public static final int PROTOCOL = 108;

  /// The well-known CPI of DEFLATE, for SAs that nobody negotiates (RFC 3173 §3.3); it is also the
  /// number of the algorithm where it is negotiated (RFC 7296 §3.10.1, RFC 2407 §4.4.5).
  public static final int DEFLATE = 2;

  /// The lowest CPI that may be negotiated.
  public static final int LEAST_NEGOTIATED = 256;

  /// The highest CPI that may be negotiated.
  public static final int LAST_NEGOTIATED = 61_439;

  /// @throws IllegalArgumentException when the CPI is neither DEFLATE's nor one for negotiation
  public Ipcomp {
    if (!isAllowed(cpi)) {
      throw new IllegalArgumentException("no CPI of DEFLATE: " + cpi);
    }
  }

  /// {@return whether an SA may use a CPI: DEFLATE's own and those for negotiation}
  public static boolean isAllowed(int cpi) {
    return cpi == DEFLATE || (cpi >= LEAST_NEGOTIATED && cpi <= LAST_NEGOTIATED);
  }

  /// {@return the compression of the SA with this SPI, whose CPI we choose: it follows from the
  /// SPI, so that SAs that differ in the one hardly ever share the other}
  public static Ipcomp chosenFor(int spi) {
    int values = LAST_NEGOTIATED - LEAST_NEGOTIATED + 1;
    return new Ipcomp(LEAST_NEGOTIATED + Integer.remainderUnsigned(spi, values));
  }
}
