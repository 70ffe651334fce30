package espd.ike.exchange;

import java.time.Instant;
import java.util.Optional;

/// Where an IKE SA stands; each state holds exactly what is known in it. Those of IKEv2 are these;
/// those of IKEv1 are [IsakmpState].
///
/// ```
///   initiator                                          responder
///
///   PreparingInit   its key pair is being made
///        |
///        |   HDR, SAi1, KEi, Ni  -->
///        v                                                  |
///   InitRequested                                           v
///        |                                             AnsweringInit   the shared secret is being made
///        |                 <--  HDR, SAr1, KEr, Nr          |
///        v                                                  v
///   DerivingInit    the shared secret is being made    InitAnswered
///        |                                                  |
///        |   for each additional key exchange (RFC 9370):   |
///        |                                                  |
///   PreparingIntermediate                                   |
///        |            HDR, SK {KEi(n)}  -->                 |
///   IntermediateRequested                              AnsweringIntermediate
///        |                 <--  HDR, SK {KEr(n)}            |
///   DerivingIntermediate                               InitAnswered
///        |                                                  |
///    (Proving)       its signature is being made            |
///        |                                                  |
///        |   HDR, SK {IDi, [IDr,] AUTH, SAi2, TSi, TSr} --> |
///        v                                                  |
///   AuthRequested                                      (Authenticating)
///        |   <-- HDR, SK {IDr, AUTH, SAr2, TSi, TSr}        |
///    (Verifying)     the peer's signature is verified       |
///        v                                                  v
///   Established                                        Established
///
///   any  --  refused, timed out, deleted  -->  Closed, or Departed while duplicates may come
/// ```
///
/// An initiator that has a ticket is in `ResumeRequested` first, and goes on with IKE_AUTH from
/// there, as the responder does from [Connecting.InitAnswered] (RFC 5723 §4.3). What stands in
/// parentheses is passed at once where nobody signs.
///
/// In [InitRequested] COOKIE and INVALID_KE_PAYLOAD lead to another IKE_SA_INIT request (RFC 7296
/// §2.6, §1.2). After [Established] there are no further states: what goes on there is a [Pending]
/// request of ours and an [Answering] of the peer's, which do not exclude each other.
public sealed interface IkeSaState
    permits Connecting, Established, Departed, IkeSaState.Closed, IsakmpState {

  /// {@return when the state wants [Event.Woken], if ever}
  Optional<Instant> wakeAt();

  /// {@return whether nothing more can happen}
  default boolean isClosed() {
    return this instanceof Closed;
  }

  /// The IKE SA is gone.
  record Closed() implements IkeSaState {

    @Override
    public Optional<Instant> wakeAt() {
      return Optional.empty();
    }
  }
}
