/// ESP and the packet pipeline: the data plane of RFC 4301.
///
/// Read [Outbound] and [Inbound] first: each is the way of a packet, stage by stage, in one file.
/// [DataPlane] gives them threads and is all that others see.
///
/// ```
///  TUN device ──▶ Outbound: reader ─▶ Ring ─▶ crypto ×N ─▶ writer ──▶ underlay
///  TUN device ◀── Inbound:  writer ◀─ Ring ◀─ crypto ×N ◀─ reader ◀── underlay
/// ```
///
/// | room                      | what stands there                                                  |
/// |---------------------------|--------------------------------------------------------------------|
/// | this package              | the two ways, what they hold ([Slot], [HeldPackets]), [DropReason] |
/// | [espd.dataplane.esp]      | ESP's octets and ciphers: an engine is two small interfaces        |
/// | [espd.dataplane.ipv6]     | IPv6's octets: headers, ECN, Packet Too Big                        |
/// | [espd.dataplane.fragment] | fragments: cut, put together, followed                             |
/// | [espd.dataplane.ring]     | the Disruptor: in order, bounded, asleep when idle                 |
///
/// What is not as one might expect:
///
/// - Fragments are not carried in transport mode (RFC 4303 §3.3.4): the host cuts packets before
///   they reach the TUN device, and ESP belongs around whole datagrams. Tunnel mode carries them.
/// - While packets wait for an SA the outbound reader polls every two milliseconds, for a waiting
///   read of a [espd.tun.TunDevice] is ended by packets only. With nothing held it sleeps.
/// - A packet of at most 1280 octets is sent even where its ESP packet exceeds the path MTU.
/// - Inbound, ESP is accepted raw and in UDP whatever its SA sends (RFC 7296 §2.23).
@NullMarked
package espd.dataplane;

import org.jspecify.annotations.NullMarked;
