package espd.spd;

/// How the packets of an SA look to those who watch the outer network: traffic flow confidentiality
/// (RFC 4303 §2.6, §2.7) and the DSCP of a tunnel's outer header (RFC 4301 §5.1.2.1). Immutable.
///
/// @param padToOctets packets of a tunnel that are shorter are padded to this length before they
///   are encrypted, as far as the path takes it with ESP around it; 0 pads nothing, [#PATH_MTU]
///   pads to whatever the path takes. Always 0 towards a peer that does not take such padding
/// @param dummiesPerSecond how many dummy packets are sent among the others, 0 for none
/// @param encapsulatesDscp whether a tunnel's outer header has the DSCP of the packet inside; 0 if
///   not
/// @param decapsulatesDscp whether the packet inside gets the DSCP of the outer header when it
///   arrives
public record OuterTraffic(
    int padToOctets, int dummiesPerSecond, boolean encapsulatesDscp, boolean decapsulatesDscp) {

  /// The length that a packet is padded to when it is to fill the path.
  public static final int PATH_MTU = Integer.MAX_VALUE;

  /// No padding, no dummies; the DSCP goes out and stays as it was (RFC 4301 §5.1.2.1).
  public static final OuterTraffic DEFAULT = new OuterTraffic(0, 0, true, false);

  /// @throws IllegalArgumentException when a number is negative
  public OuterTraffic {
    if (padToOctets < 0 || dummiesPerSecond < 0) {
      throw new IllegalArgumentException("negative padding or dummies");
    }
  }

  /// {@return this for an SA whose packets are not to be padded}
  public OuterTraffic withoutPadding() {
    return new OuterTraffic(0, dummiesPerSecond, encapsulatesDscp, decapsulatesDscp);
  }
}
