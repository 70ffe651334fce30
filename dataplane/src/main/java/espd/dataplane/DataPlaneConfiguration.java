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

  /// How the stages of a direction share threads.
  public enum Stages {
    /// One thread takes each batch all the way.
    FUSED,
    /// Reader, workers and writer, each on its own.
    PARALLEL
  }

  /// Threads and memory of a data plane.
  ///
  /// @param stages on threads of their own or not
  /// @param workers crypto threads of each direction, at least 1
  /// @param ringSlots batches in flight in each direction, a power of two
  public record Sizes(Stages stages, int workers, int ringSlots) {

    private static final int SLOTS = 16;

    /// As many processors as there are directions: more threads would only take turns.
    private static final int FEW = 2;

    /// {@return sizes for this host: one thread for each direction where there are two processors,
    /// else as many workers as processors but one}
    public static Sizes ofHost() {
      int processors = Runtime.getRuntime().availableProcessors();
      return processors <= FEW
          ? new Sizes(Stages.FUSED, 1, 1)
          : new Sizes(Stages.PARALLEL, processors - 1, SLOTS);
    }

    /// @throws IllegalArgumentException when one is out of range
    public Sizes {
      if (workers < 1) {
        throw new IllegalArgumentException("no crypto worker: " + workers);
      }
      if (stages == Stages.FUSED && (workers != 1 || ringSlots != 1)) {
        throw new IllegalArgumentException("fused stages have one worker and one slot");
      }
      if (Integer.bitCount(ringSlots) != 1) {
        throw new IllegalArgumentException("ring slots not a power of two: " + ringSlots);
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
