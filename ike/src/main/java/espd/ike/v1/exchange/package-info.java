/// IKEv1's exchanges (RFC 2409) as a pure state machine, sibling of [espd.ike.exchange], whose
/// events, actions and reports it shares: `Step step(IsakmpState, Event)`.
@NullMarked
package espd.ike.v1.exchange;

import org.jspecify.annotations.NullMarked;
