package espd.ike.exchange;

import espd.ike.Identity;
import espd.ike.message.Authentication;
import espd.ike.message.Configuration;
import espd.ike.message.IdInitiator;
import espd.ike.message.IdResponder;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The exchange in which both ends prove who they are and make the first Child SA (RFC 7296 §1.2).
///
/// ```
/// HDR, SK {IDi, [N(INITIAL_CONTACT),] [IDr,] AUTH,
///          [CP(CFG_REQUEST),] [N(USE_TRANSPORT_MODE),] SAi2, TSi, TSr}   -->
///
///                 <--  HDR, SK {IDr, AUTH, [CP(CFG_REPLY),]
///                               [N(USE_TRANSPORT_MODE),] SAr2, TSi, TSr}
///             or  <--  HDR, SK {IDr, AUTH, N(error)}   the IKE SA stands, without a Child SA
///             or  <--  HDR, SK {N(AUTHENTICATION_FAILED)}
/// ```
final class IkeAuth {

  private IkeAuth() {}

  /// The request.
  ///
  /// @param idi who the initiator says it is
  /// @param idr whom it wants to talk to
  /// @param auth its proof
  /// @param configuration what it asks for, of addresses inside of the tunnel
  /// @param child the first Child SA; there may be none (RFC 6023)
  /// @param initialContact whether the initiator has no other IKE SA with us
  record Request(
      IdInitiator idi,
      Optional<IdResponder> idr,
      Authentication auth,
      Optional<Configuration> configuration,
      Optional<ChildProposal> child,
      boolean initialContact) {

    /// {@return the request in these decrypted payloads}
    ///
    /// @throws MalformedException when a payload is missing or doubled; a request without AUTH asks
    ///   for EAP, which we do not speak
    static Request from(List<Payload> payloads) throws MalformedException {
      Contents in = new Contents("IKE_AUTH request", payloads);
      return new Request(
          in.required(IdInitiator.class),
          in.optional(IdResponder.class),
          in.required(Authentication.class),
          in.optional(Configuration.class),
          ChildProposal.in(in),
          in.notifies().has(NotifyType.INITIAL_CONTACT));
    }
  }

  /// The answer.
  sealed interface Response {

    /// {@return the answer in these decrypted payloads}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Response from(List<Payload> payloads) throws MalformedException {
      Contents in = new Contents("IKE_AUTH response", payloads);
      Optional<IdResponder> idr = in.optional(IdResponder.class);
      Optional<Notify> error = in.notifies().error();
      if (idr.isEmpty() && error.isPresent()) {
        return new Refused(error.get());
      }
      return new Proven(
          in.required(IdResponder.class),
          in.required(Authentication.class),
          in.optional(Configuration.class),
          ChildProposal.in(in),
          error);
    }
  }

  /// The responder's proof.
  ///
  /// @param idr who it says it is
  /// @param auth its proof
  /// @param configuration what it gives us
  /// @param child the Child SA as it chose it
  /// @param error why there is none
  record Proven(
      IdResponder idr,
      Authentication auth,
      Optional<Configuration> configuration,
      Optional<ChildProposal> child,
      Optional<Notify> error)
      implements Response {}

  /// No IKE SA.
  record Refused(Notify error) implements Response {}

  /// {@return the request's payloads}
  ///
  /// @param idi who we are
  /// @param idr whom we want
  /// @param auth our proof
  /// @param notifiesAndChild INITIAL_CONTACT, CP and what the Child SA needs
  static List<Payload> request(
      IdInitiator idi,
      Optional<Identity> idr,
      Authentication auth,
      List<? extends Payload> notifiesAndChild) {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(idi);
    idr.ifPresent(id -> payloads.add(new IdResponder(id.type(), id.data())));
    payloads.add(auth);
    payloads.addAll(notifiesAndChild);
    return payloads;
  }

  /// {@return the answer's payloads}
  static List<Payload> answer(IdResponder idr, Authentication auth, List<? extends Payload> child) {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(idr);
    payloads.add(auth);
    payloads.addAll(child);
    return payloads;
  }

  /// {@return the payload that says who the initiator is}
  static IdInitiator idi(Identity identity) {
    return new IdInitiator(identity.type(), identity.data());
  }

  /// {@return who a responder is, or is wanted to be}
  static Identity identity(IdResponder idr) {
    return new Identity(idr.idType(), idr.data());
  }

  /// {@return the payload that says who the responder is}
  static IdResponder idr(Identity identity) {
    return new IdResponder(identity.type(), identity.data());
  }
}
