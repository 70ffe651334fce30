/// IKEv2 (RFC 7296), sans-IO: what is said in each exchange and what it makes of an IKE SA.
///
/// ```
/// octets -> Message -> the exchange's typed record -> step(state, event) -> next state, actions
/// ```
///
/// | room                                          | what stands there                              |
/// |-----------------------------------------------|------------------------------------------------|
/// | the exchanges' messages (RFC 7296 §1)         | IkeSaInit, IkeAuth, CreateChildSa              |
/// | additional key exchanges (RFC 9370)           | IkeIntermediate, IkeFollowupKe                 |
/// | IKE SAs resumed by tickets (RFC 5723)         | IkeSessionResume, [Tickets], [HeldTicket]      |
/// | states, events, actions                       | [IkeSaState], [Event], [Action]                |
/// | the one switch over them                      | [IkeMachine]                                   |
/// | ways to an established IKE SA                 | Initiator, Responder                           |
/// | what goes on there: we ask, the peer asks     | Requests, Answers, [Pending], [Answering]      |
/// | what both ends settle for (§2.7, §2.9, §2.17) | ChildNegotiation, TrafficSelection, IkeRekey   |
/// | message ids (§2.1–2.3)                        | [MessageWindow], [Retransmission]              |
///
/// Nothing here has a clock, a socket or a thread: time is a field of the event, randomness and the
/// few things a state machine cannot own come through [Surroundings]. Failures are told apart by
/// blame: what cannot be read is the peer's syntax ([espd.ike.message.MalformedException]); what we
/// do not want is a value with the notification to send and the difference in words; what must not
/// be is an IllegalStateException.
@NullMarked
package espd.ike.exchange;

import org.jspecify.annotations.NullMarked;
