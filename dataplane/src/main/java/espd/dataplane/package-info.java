/// ESP and the packet pipeline: the data plane of RFC 4301.
///
/// Read [Outbound] and [Inbound] first: each is the way of a packet, stage by stage, in one file.
/// [DataPlane] gives them threads and is all that others see.
///
/// ```
///  TUN device ──▶ Outbound: reader ─▶ Pipeline ─▶ crypto ×N ─▶ writer ──▶ underlay
///  TUN device ◀── Inbound:  writer ◀─ Pipeline ◀─ crypto ×N ◀─ reader ◀── underlay
/// ```
///
/// | room                      | what stands there                                                  |
/// |---------------------------|--------------------------------------------------------------------|
/// | this package              | the two ways, what they hold ([Slot], [HeldPackets]), [DropReason] |
/// |                           | [PacketTracer]: the way of a packet that is only thought of        |
/// | [espd.dataplane.esp]      | ESP's octets and ciphers: an engine is two small interfaces        |
/// | [espd.dataplane.ipcomp]   | IPComp's octets, and DEFLATE                                       |
/// | [espd.dataplane.ipv6]     | IPv6's octets: headers, ECN, Packet Too Big                        |
/// | [espd.dataplane.fragment] | fragments: cut, put together, followed                             |
/// | [espd.dataplane.ring]     | how stages share threads: in order, bounded, asleep when idle      |
/// | [espd.dataplane.tap]      | packets copied for whoever looks on ([Tap])                        |
///
/// What is not as one might expect:
///
/// - Transport mode puts fragments together before ESP (RFC 4303 §3.3.4): the host cuts packets
///   before they reach the TUN device, and ESP belongs around whole datagrams
///   ([OutboundFragments]). Tunnel mode carries them as they are, but under SAs for certain ports
///   (RFC 4301 §7.3).
/// - While packets wait for an SA the outbound reader polls every two milliseconds, for a waiting
///   read of a [espd.tun.TunDevice] is ended by packets only. With nothing held it sleeps.
/// - Where the ESP packet of one of at most 1280 octets exceeds the path MTU, it is cut: its sender
///   cannot be told to send less.
/// - Inbound, ESP is accepted raw and in UDP whatever its SA sends (RFC 7296 §2.23).
@NullMarked
package espd.dataplane;

import org.jspecify.annotations.NullMarked;
