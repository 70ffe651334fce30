/// The vocabulary of RFC 4301: what IKE and the data plane both speak of.
///
/// Two programs meet here. The data plane moves packets and never talks to peers; IKE talks to
/// peers and never sees a packet. They meet at the [Sadb]: IKE installs, replaces and deletes SAs;
/// the data plane tells of an *acquire* (a packet that needs an SA nobody has negotiated) and of an
/// *expire* (an SA that reached a lifetime), as PF_KEY (RFC 2367) lets a kernel and a daemon do.
///
/// | room                                       | what stands there                                          |
/// |--------------------------------------------|------------------------------------------------------------|
/// | addresses                                  | [Ipv6Address], [AddressRange], [PortRange]                 |
/// | which packets                              | [Selector] (RFC 4301 §4.4.1.1)                             |
/// | what is done with them                     | [Policy], [Spd] (RFC 4301 §4.4.1), [Reqid]                 |
/// | how they are protected                     | [EspSuite], [Encryption], [Integrity], [KeyMaterial]       |
/// | one direction of one association           | [InboundSa], [OutboundSa], [ReplayWindow], [Lifetime]      |
/// | the databases and the events between them  | [Sadb], [Sad], [SadbListener]                              |
///
/// Snapshots ([Spd], [Sad]) are immutable and published by one volatile write; a reader takes one
/// per batch of packets. All that a packet changes has a single writer, named in the class that
/// holds it.
@NullMarked
package espd.spd;

import org.jspecify.annotations.NullMarked;
