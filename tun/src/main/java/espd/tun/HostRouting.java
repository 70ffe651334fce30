package espd.tun;

/// The numbers under which espd is in the host's routing. Daemons that share a host need different
/// ones.
///
/// @param device the name of the TUN interface
/// @param mark the fwmark of every socket of ours, not 0
/// @param table the routing table of ours
/// @param preference of the rule that leads unmarked packets to the table; the host's own tables
///   stand at 32766
public record HostRouting(String device, int mark, int table, int preference) {

  /// `espd0`, and 4303, the number of ESP's RFC, for everything else.
  public static final HostRouting DEFAULT = new HostRouting("espd0", 4303, 4303, 4303);

  /// @throws IllegalArgumentException when a number cannot be used
  public HostRouting {
    if (mark == 0) {
      throw new IllegalArgumentException("a mark of 0 is no mark");
    }
    if (table <= 0 || (table >= 253 && table <= 255)) {
      throw new IllegalArgumentException("not a routing table of ours: " + table);
    }
    if (preference <= 0 || preference >= 32766) {
      throw new IllegalArgumentException("a rule's preference is in 1..32765: " + preference);
    }
  }
}
