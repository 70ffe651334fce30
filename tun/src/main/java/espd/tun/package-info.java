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
/// | TUN device         | [TunDevice], [LinuxTun]                                                 |
/// | sockets            | [Underlay], [LinuxUnderlay] (ESP), [MarkedUdpSocket] (IKE)              |
/// | routes             | [HostNetwork], [LinuxHostNetwork], [HostRouting] (the numbers)          |
/// | packet filter      | [InboundFilter], [LinuxInboundFilter], [OuterTraffic] (always passes)   |
/// | other programs     | [HostProgram], [Iproute2]                                               |
/// | the host's refusal | [HostException]: one line that says what to do                          |
///
/// Native calls are in one class, by JNA's direct mapping with raw addresses; structures are laid
/// out by hand in off-heap memory and refilled, so that a batch costs no allocation. Who waits,
/// waits in poll(2) together with a descriptor that closing makes readable.
@NullMarked
package espd.tun;

import org.jspecify.annotations.NullMarked;
