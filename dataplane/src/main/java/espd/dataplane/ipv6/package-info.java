/// IPv6 as far as IPsec looks at it (RFC 8200): the header and the chain of extension headers as
/// accessors over a packet's octets, what a tunnel's header takes from the one inside (ECN, RFC
/// 6040; DSCP, RFC 2983; flow label, RFC 6437) and the one ICMPv6 message the data plane makes
/// itself (RFC 4443 §3.2).
@NullMarked
package espd.dataplane.ipv6;

import org.jspecify.annotations.NullMarked;
