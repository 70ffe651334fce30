package espd.ike.message;

import java.util.List;

/// One proposal of a Security Association payload (RFC 7296 §3.3.1): of each transform type
/// present, one is to be chosen.
///
/// @param number 1 for the first, then counting up
/// @param protocol [#IKE], [#AH] or [#ESP]
/// @param spi the sender's SPI: empty for an IKE SA's first exchange, else 8 octets (IKE) or 4
///   (ESP, AH)
/// @param transforms in the order of preference within each type
public record Proposal(int number, int protocol, Bytes spi, List<Transform> transforms) {

  /// Protocol ID of IKE.
  public static final int IKE = 1;

  /// Protocol ID of AH.
  public static final int AH = 2;

  /// Protocol ID of ESP.
  public static final int ESP = 3;

  /// Copies the list.
  public Proposal {
    transforms = List.copyOf(transforms);
  }
}
