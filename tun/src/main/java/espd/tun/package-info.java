/// The operating system: the TUN device, the outer network's sockets, routes, rules, packet filter.
/// The only module that calls native code which touches the host.
///
/// Each interface ([TunDevice], [Underlay], [HostNetwork], [InboundFilter]) has its Linux form and
/// an in-memory twin in `espd.tun.memory`, so that two whole daemons run in one test without a
/// privilege.
///
/// | room               | what stands there                                                       |
/// |--------------------|-------------------------------------------------------------------------|
/// | packets            | [PacketBatch]                                                           |
/// | TUN device         | [TunDevice], [LinuxTun]; [espd.tun.offload] cuts and joins              |
/// | ESP's sockets      | [Underlay], [LinuxUnderlay]: [Receiving] and [Sending]; [PathListener]  |
/// | IKE's sockets      | [MarkedUdpSocket]                                                       |
/// | routes             | [HostNetwork], [LinuxHostNetwork], [HostRouting] (the numbers)          |
/// | packet filter      | [InboundFilter], [LinuxInboundFilter], [AlwaysAdmitted] (always passes)   |
/// | other programs     | [HostProgram], [Iproute2]                                               |
/// | the host's refusal | [HostException]: one line that says what to do                          |
///
/// Native calls are in two classes: [PacketCalls], through java.lang.foreign, for those on the
/// packet's way, and [Libc], by JNA's direct mapping, for setting up. Structures are laid out by
/// hand in off-heap memory and refilled, so that a batch costs no allocation. Who waits, waits in
/// poll(2) together with a descriptor that closing makes readable.
@NullMarked
package espd.tun;

import org.jspecify.annotations.NullMarked;
