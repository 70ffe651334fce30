package espd.ike.exchange;

import espd.ike.Identity;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Certificate;
import espd.ike.message.Configuration;
import espd.ike.message.Eap;
import espd.ike.message.IdInitiator;
import espd.ike.message.IdResponder;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The exchange in which both ends prove who they are and make the first Child SA (RFC 7296 §1.2).
///
/// ```
/// HDR, SK {IDi, [CERT+,] [CERTREQ,] [N(INITIAL_CONTACT),] [IDr,] AUTH,
///          [CP(CFG_REQUEST),] [N(USE_TRANSPORT_MODE),] SAi2, TSi, TSr}   -->
///
///                 <--  HDR, SK {IDr, [CERT+,] AUTH, [CP(CFG_REPLY),]
///                               [N(USE_TRANSPORT_MODE),] SAr2, TSi, TSr}
///             or  <--  HDR, SK {IDr, AUTH, N(error)}   the IKE SA stands, without a Child SA
///             or  <--  HDR, SK {N(AUTHENTICATION_FAILED)}
/// ```
///
/// An initiator that proves itself by EAP leaves AUTH out of its request, and there are more of
/// both (RFC 7296 §2.16):
///
/// ```
/// HDR, SK {IDi, [IDr,] SAi2, TSi, TSr}   -->
///                 <--  HDR, SK {IDr, AUTH, EAP}
/// HDR, SK {EAP}   -->
///                 <--  HDR, SK {EAP}                once or more often
/// HDR, SK {AUTH}  -->
///                 <--  HDR, SK {AUTH, SAr2, TSi, TSr}
/// ```
final class IkeAuth {

  private IkeAuth() {}

  /// The request.
  ///
  /// @param idi who the initiator says it is
  /// @param idr whom it wants to talk to
  /// @param auth its proof; without one it wants to prove itself by EAP
  /// @param configuration what it asks for, of addresses inside of the tunnel
  /// @param child the first Child SA; there may be none (RFC 6023)
  /// @param notifies what else it says
  /// @param certificates its certificate, and those of authorities between
  /// @param wantedEncodings of certificates, of which it wants ours
  record Request(
      IdInitiator idi,
      Optional<IdResponder> idr,
      Optional<Authentication> auth,
      Optional<Configuration> configuration,
      Optional<ChildProposal> child,
      Notifies notifies,
      List<Certificate> certificates,
      Set<Integer> wantedEncodings) {

    /// {@return the request in these decrypted payloads}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Request from(List<Payload> payloads) throws MalformedException {
      Contents in = new Contents("IKE_AUTH request", payloads);
      return new Request(
          in.required(IdInitiator.class),
          in.optional(IdResponder.class),
          in.optional(Authentication.class),
          in.optional(Configuration.class),
          ChildProposal.in(in),
          in.notifies(),
          in.all(Certificate.class),
          in.wantedEncodings());
    }

    /// {@return whether the initiator has no other IKE SA with us}
    boolean initialContact() {
      return notifies.has(NotifyType.INITIAL_CONTACT);
    }
  }

  /// A request after the first, of an initiator that proves itself by EAP.
  sealed interface Round {

    /// {@return the request in these decrypted payloads}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Round from(List<Payload> payloads) throws MalformedException {
      Contents in = new Contents("IKE_AUTH request", payloads);
      Optional<Eap> eap = in.optional(Eap.class);
      return eap.isPresent()
          ? new Packet(eap.get().data())
          : new Closing(in.required(Authentication.class), in.notifies());
    }
  }

  /// A packet of EAP.
  record Packet(Bytes packet) implements Round {}

  /// The proof by the key that came of EAP.
  record Closing(Authentication auth, Notifies notifies) implements Round {}

  /// The answer.
  sealed interface Response {

    /// {@return the answer in these decrypted payloads}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Response from(List<Payload> payloads) throws MalformedException {
      Contents in = new Contents("IKE_AUTH response", payloads);
      Optional<IdResponder> idr = in.optional(IdResponder.class);
      Optional<Notify> error = in.notifies().error();
      Optional<Eap> eap = in.optional(Eap.class);
      if (eap.isPresent()) {
        return new Challenged(
            idr, in.optional(Authentication.class), in.all(Certificate.class), eap.get().data());
      }
      Optional<Authentication> auth = in.optional(Authentication.class);
      if (idr.isEmpty() && auth.isEmpty() && error.isPresent()) {
        return new Refused(error.get());
      }
      if (idr.isEmpty() && auth.isPresent()) {
        return new Confirmed(
            auth.get(), in.optional(Configuration.class), ChildProposal.in(in), in.notifies());
      }
      return new Proven(
          in.required(IdResponder.class),
          in.required(Authentication.class),
          in.optional(Configuration.class),
          ChildProposal.in(in),
          in.notifies(),
          in.all(Certificate.class));
    }
  }

  /// The responder's proof.
  ///
  /// @param idr who it says it is
  /// @param auth its proof
  /// @param configuration what it gives us
  /// @param child the Child SA as it chose it
  /// @param notifies what else it says
  /// @param certificates its certificate, and those of authorities between
  record Proven(
      IdResponder idr,
      Authentication auth,
      Optional<Configuration> configuration,
      Optional<ChildProposal> child,
      Notifies notifies,
      List<Certificate> certificates)
      implements Response {

    /// {@return why there is no Child SA}
    Optional<Notify> error() {
      return notifies.error();
    }
  }

  /// A packet of EAP, with the first one the responder's proof.
  record Challenged(
      Optional<IdResponder> idr,
      Optional<Authentication> auth,
      List<Certificate> certificates,
      Bytes packet)
      implements Response {}

  /// The responder's proof once more, by the key that came of EAP.
  record Confirmed(
      Authentication auth,
      Optional<Configuration> configuration,
      Optional<ChildProposal> child,
      Notifies notifies)
      implements Response {}

  /// No IKE SA.
  record Refused(Notify error) implements Response {}

  /// {@return the request's payloads}
  ///
  /// @param idi who we are
  /// @param idr whom we want
  /// @param auth our proof; none is a request for EAP
  /// @param notifiesAndChild INITIAL_CONTACT, CP and what the Child SA needs
  static List<Payload> request(
      IdInitiator idi,
      Optional<Identity> idr,
      Optional<Authentication> auth,
      List<? extends Payload> notifiesAndChild) {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(idi);
    idr.ifPresent(id -> payloads.add(new IdResponder(id.type(), id.data())));
    auth.ifPresent(payloads::add);
    payloads.addAll(notifiesAndChild);
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
