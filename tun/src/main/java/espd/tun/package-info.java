/// The operating system: the TUN device, the outer network's sockets, routes, rules, packet filter.
/// The only module that calls native code which touches the host.
///
/// Each interface ([TunDevice], [Underlay], [HostNetwork], [InboundFilter]) has its Linux form and
/// an in-memory twin in `espd.tun.memory`, so that two whole daemons run in one test without a
/// privilege.
///
/// | room               | what stands there                                                       |
/// |--------------------|-------------------------------------------------------------------------|
/// | packets            | [espd.tun.packet.PacketBatch]                                                           |
/// | TUN device         | [TunDevice], [LinuxTun]; [espd.tun.offload] cuts and joins              |
/// | ESP's sockets      | [Underlay], [LinuxUnderlay]: [Receiving] and [Sending]; [PathListener]  |
/// | IKE's sockets      | [MarkedUdpSocket]                                                       |
/// | routes             | [HostNetwork], [LinuxHostNetwork], [HostRouting] (the numbers)          |
/// | packet filter      | [InboundFilter], [LinuxInboundFilter], [AlwaysAdmitted] (always passes)   |
/// | the kernel's ear   | [NetlinkSocket]; [RouteRequests], [LinkRequests], [SetRequests]         |
/// | other programs     | [HostProgram]: `nft`, for rules; `ip`, for the doctor                   |
/// | is it all there?   | [HostTrial] tries and undoes; [espd.tun.facts] reads /proc and /sys     |
/// | this process       | [ProcessMemory], [NotifySocket] (the service manager's)                 |
/// | the host's refusal | [HostException]: one line that says what to do                          |
///
/// What was tried beside the sockets and measured, raw ESP with AES-128-GCM between two namespaces
/// on two cores, as times the figures of [LinuxUnderlay] in the same rounds (medians of 4 to 14
/// runs on a busy machine: less than a tenth decides nothing):
///
/// | instead                                        | TCP, 1 stream | 64 octets |
/// |------------------------------------------------|---------------|-----------|
/// | packet socket for receiving, recvmmsg           | 0.94          | 0.93      |
/// | packet socket for receiving, mapped ring        | 0.90          | 0.96      |
/// | packet socket for sending                       | 1.47          | 1.19      |
/// | raw socket whose headers the kernel writes      | 0.99          | 1.04      |
/// | two queues of the TUN device, two threads       | 1.04          | 1.06      |
/// | neither hop limit nor traffic class asked for   | 0.97          | 0.97      |
/// | messages at places of different cache sets      | 1.03          | 1.04      |
///
/// The last one is how it is done. A packet socket sends faster because the host looks up no route
/// and asks no filter for each packet, and that is why it is not used: ESP would pass by the host's
/// own firewall and connection tracking, and go to a next hop that is no longer there until
/// somebody notices. AF_XDP and io_uring need a loaded program or rings of their own, and were not
/// tried.
///
/// Native calls are in two classes: [PacketCalls], through java.lang.foreign, for those on the
/// packet's way, and [Libc], by JNA's direct mapping, for setting up. Structures are laid out by
/// hand in off-heap memory and refilled, so that a batch costs no allocation. Who waits, waits in
/// poll(2) together with a descriptor that closing makes readable.
@NullMarked
package espd.tun;

import org.jspecify.annotations.NullMarked;
