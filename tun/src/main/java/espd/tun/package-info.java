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
/// on two cores, as times the figures of [LinuxUnderlay] in the same rounds (medians of 2 to 14
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
/// | a rest of 50 µs between small batches in a row  | 0.97          | 1.03      |
/// | messages at places of different cache sets      | 1.03          | 1.04      |
///
/// The last one is how it is done. A packet socket sends faster because the host looks up no route
/// and asks no filter for each packet, and that is why it is not used: ESP would pass by the host's
/// own firewall and connection tracking, and go to a next hop that is no longer there until
/// somebody notices.
///
/// io_uring and AF_XDP were tried in prototypes in C that move and encrypt packets as these classes
/// do: as times the prototype with the calls used here, rates and the CPU time of a gigabyte, that
/// of iperf3 included (medians of 7 to 20 pairs of runs, of SQPOLL 2, while other programs kept the
/// two cores busy by three quarters: rates scatter by a third and more, CPU times by a tenth or
/// two, so that these say more):
///
/// | instead                                 | TCP  | 64 octets | CPU, TCP | CPU, 64 octets |
/// |-----------------------------------------|------|-----------|----------|----------------|
/// | io_uring for the TUN device, 16 reads   | 1.21 | 1.14      | 0.97     | 1.00           |
/// | the same, one read that goes on         | 0.90 | 1.11      | 0.96     | 1.05           |
/// | io_uring for all, 16 reads              | 1.19 | 0.99      | 0.88     | 0.96           |
/// | the same, one read that goes on         | 1.21 | 0.81      | 0.94     | 1.06           |
/// | io_uring for all, 16 reads, SQPOLL      | 0.01 | 0.07      | 149      | 15             |
/// | AF_XDP for receiving, copying           | 0.84 | 1.03      | 0.95     | 0.94           |
/// | AF_XDP for sending, copying             | 1.58 | 1.18      | 0.64     | 0.79           |
/// | AF_XDP for both                         | 2.61 | 1.31      | 0.57     | 0.70           |
/// | packet socket for sending, to compare   | 1.68 | 1.24      | 0.64     | 0.84           |
///
/// With io_uring the kernel does the same for each packet, and calls into it are few already. Where
/// it was cheaper in TCP, receivers had fuller batches; among runs with 40 packets and more in a
/// batch its CPU times are those of the calls (0.98 and 1.00). SQPOLL's threads wait by spinning,
/// which starves two cores. AF_XDP sends like a packet socket and is not used for the same reasons;
/// what it receives has passed by the host's filter too, and comes from one queue of one device.
///
/// Native calls are in two classes: [PacketCalls], through java.lang.foreign, for those on the
/// packet's way, and [Libc], by JNA's direct mapping, for setting up. Structures are laid out by
/// hand in off-heap memory and refilled, so that a batch costs no allocation. Who waits, waits in
/// poll(2) together with a descriptor that closing makes readable.
@NullMarked
package espd.tun;

import org.jspecify.annotations.NullMarked;
