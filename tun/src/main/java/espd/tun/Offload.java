package espd.tun;

import espd.tun.offload.Coalescing.Joined;
import espd.tun.offload.VirtioHeader;

/// What the host leaves to a TUN device: less on kernels that know less.
public enum Offload {
  /// Checksums, and TCP and UDP in packets that stand for several (Linux 6.2).
  SEGMENTS_AND_DATAGRAMS(
      Libc.IFF_VNET_HDR,
      Libc.TUN_F_CSUM
          | Libc.TUN_F_TSO4
          | Libc.TUN_F_TSO6
          | Libc.TUN_F_TSO_ECN
          | Libc.TUN_F_USO4
          | Libc.TUN_F_USO6,
      Joined.TCP_AND_UDP),
  /// Checksums, and TCP in packets that stand for several.
  SEGMENTS(
      Libc.IFF_VNET_HDR,
      Libc.TUN_F_CSUM | Libc.TUN_F_TSO4 | Libc.TUN_F_TSO6 | Libc.TUN_F_TSO_ECN,
      Joined.TCP),
  /// Nothing, but it takes TCP that stands for several.
  JOINED_ONLY(Libc.IFF_VNET_HDR, 0, Joined.TCP),
  /// Nothing: one packet is one packet.
  NOTHING(0, 0, Joined.NOTHING);

  private final int interfaceFlags;
  private final int features;
  private final Joined joined;

  Offload(int interfaceFlags, int features, Joined joined) {
    this.interfaceFlags = interfaceFlags;
    this.features = features;
    this.joined = joined;
  }

  /// {@return how the interface is asked for, beside its kind}
  int interfaceFlags() {
    return interfaceFlags;
  }

  /// {@return the features that the device is given}
  int features() {
    return features;
  }

  /// {@return the octets before each packet}
  int headerOctets() {
    return interfaceFlags == 0 ? 0 : VirtioHeader.OCTETS;
  }

  Joined joined() {
    return joined;
  }
}
