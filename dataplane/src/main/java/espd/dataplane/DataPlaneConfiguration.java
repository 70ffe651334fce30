package espd.dataplane;

import espd.dataplane.esp.EspEngine;
import espd.dataplane.esp.SunJce;
import espd.dataplane.ipv6.Ipv6Header;
import espd.spd.Sadb;
import espd.tun.TunDevice;
import espd.tun.Underlay;
import java.time.InstantSource;

/// What a data plane works with.
///
/// @param sadb the databases
/// @param tun where the host's packets come from and go to
/// @param underlay where ESP goes to and comes from
/// @param listener is told of IKE messages, moved peers and failure
/// @param engine the ciphers
/// @param clock tells when an SA or a policy was used
/// @param pathMtuOctets the longest packet the outer network takes, at least 1280
/// @param sizes threads and memory
public record DataPlaneConfiguration(
    Sadb sadb,
    TunDevice tun,
    Underlay underlay,
    DataPlaneListener listener,
    EspEngine engine,
    InstantSource clock,
    int pathMtuOctets,
    Sizes sizes) {

  /// The MTU of Ethernet.
  public static final int ETHERNET_MTU = 1500;

  /// Threads and memory of a data plane.
  ///
  /// @param workers crypto threads of each direction, at least 1
  /// @param ringSlots batches in flight in each direction, a power of two
  /// @param maxPacketOctets the longest packet, before ESP on one side, with ESP on the other
  public record Sizes(int workers, int ringSlots, int maxPacketOctets) {

    private static final int SLOTS = 16;

    /// A jumbo frame with ESP around it: what a peer sent in fragments arrives as one packet.
    private static final int PACKET_OCTETS = 9728;

    /// {@return sizes for this host: as many workers as processors but one, at least 1}
    public static Sizes ofHost() {
      int processors = Runtime.getRuntime().availableProcessors();
      return new Sizes(Math.max(1, processors - 1), SLOTS, PACKET_OCTETS);
    }

    /// @throws IllegalArgumentException when one is out of range
    public Sizes {
      if (workers < 1) {
        throw new IllegalArgumentException("no crypto worker: " + workers);
      }
      if (Integer.bitCount(ringSlots) != 1) {
        throw new IllegalArgumentException("ring slots not a power of two: " + ringSlots);
      }
      if (maxPacketOctets < Ipv6Header.MINIMUM_MTU) {
        throw new IllegalArgumentException("packets shorter than 1280: " + maxPacketOctets);
      }
    }
  }

  /// @throws IllegalArgumentException when the path MTU is less than IPv6 asks for (RFC 8200 §5)
  public DataPlaneConfiguration {
    if (pathMtuOctets < Ipv6Header.MINIMUM_MTU) {
      throw new IllegalArgumentException("path MTU below 1280: " + pathMtuOctets);
    }
  }

  /// {@return the usual: the JDK's ciphers, the host's clock, Ethernet, sizes of this host}
  public static DataPlaneConfiguration of(
      Sadb sadb, TunDevice tun, Underlay underlay, DataPlaneListener listener) {
    return new DataPlaneConfiguration(
        sadb,
        tun,
        underlay,
        listener,
        new SunJce(),
        InstantSource.system(),
        ETHERNET_MTU,
        Sizes.ofHost());
  }
}
