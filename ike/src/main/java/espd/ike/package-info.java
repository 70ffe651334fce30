/// IKEv2 (RFC 7296) and IKEv1 (RFC 2409), sans-IO, and the driver that gives them sockets, timers
/// and an SPI table.
///
/// ```
///              octets                 typed requests and answers
///   net ──► driver ──► message ──► exchange ──► crypto
///             │                       │
///             │ ◄── Step: next state, actions
///             ▼
///           Sadb (espd.spd)
/// ```
///
/// | package    | what stands there                                                                |
/// |------------|----------------------------------------------------------------------------------|
/// | `ike`      | what a connection is: [Connection], [Identity], [Credentials], [Datagram]        |
/// | `message`  | the wire format (RFC 7296 §3): octets to messages and back; no crypto            |
/// | `crypto`   | key derivation, key exchange, the encrypted payload, choosing proposals          |
/// | `exchange` | the state machine: states, events, actions, one class an exchange; no clock      |
/// | `driver`   | `Ike`: performs the actions, owns the timers and the table of IKE SAs            |
/// | `v1`       | IKEv1's `message`, `crypto` and `exchange`, siblings of those above              |
/// | `net`      | UDP 500 by Netty; UDP 4500 belongs to the data plane                             |
///
/// An event becomes a step on one thread, the event loop. What takes long (key exchange) is an
/// action whose result comes back as an event. Nothing of this knows packets: what is negotiated is
/// installed in the SADB, and what packets need comes from there as an *acquire* or an *expire*.
@NullMarked
package espd.ike;

import org.jspecify.annotations.NullMarked;
