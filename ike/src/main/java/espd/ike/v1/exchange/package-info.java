/// IKEv1 (RFC 2409, RFC 2408, RFC 2407), sans-IO: what is said in each exchange and what it makes
/// of an ISAKMP SA. The sibling of [espd.ike.exchange], whose events, actions, reports and
/// computations it shares, so that one driver serves both.
///
/// ```
/// octets -> IsakmpDatagram -> step(state, event) -> next state, actions
/// ```
///
/// | room                                        | what stands there                                |
/// |---------------------------------------------|--------------------------------------------------|
/// | the one switch over states and events       | [IsakmpMachine]                                  |
/// | states: on its way, established, gone       | [Phase1], [Established], [Kept]                  |
/// | main and aggressive mode (RFC 2409 §5.4)    | MainInitiator, MainResponder, Aggressive…        |
/// | who the ends are (§5.1, §5.4)               | Authentication, PhaseOneProof, Candidates        |
/// | quick mode (§5.5), several at a time        | [Quick], Quicks, QuickInitiator, QuickResponder  |
/// | deletions and notifications (§5.7)          | Informational                                    |
/// | NATs (RFC 3947), dead peers (RFC 3706)      | NatTraversal, [Liveness]                         |
/// | successors and the end                      | Lifecycle, Keeping, [IpsecSas]                   |
/// | duplicates, replays, retransmission         | [Taken], [MessageIds], [Sent]                    |
///
/// IPsec SAs outlive the ISAKMP SA they came by (RFC 2408 §4.3): one looks after them at a time,
/// and hands them to its successor. What nobody has proven changes no state but one: a clear
/// notification is remembered, to be told if the attempt fails.
@NullMarked
package espd.ike.v1.exchange;

import org.jspecify.annotations.NullMarked;
