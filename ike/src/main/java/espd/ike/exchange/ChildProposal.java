package espd.ike.exchange;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.TrafficSelector;
import espd.ike.message.TrafficSelectorsInitiator;
import espd.ike.message.TrafficSelectorsResponder;
import espd.spd.Ipcomp;
import espd.spd.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What IKE_AUTH and CREATE_CHILD_SA say about a Child SA, offered or chosen: `SA, TSi, TSr`,
/// USE_TRANSPORT_MODE, ESP_TFC_PADDING_NOT_SUPPORTED and IPCOMP_SUPPORTED (RFC 7296 §1.2, §1.3.1,
/// §2.22).
///
/// @param sa the proposals, with the sender's SPI; in an answer exactly one
/// @param tsi the packets at the initiator's end
/// @param tsr the packets at the responder's end
/// @param mode what is asked for or granted
/// @param padding whether the sender takes packets with TFC padding; we always do
/// @param ipcomp under which CPI the sender takes packets compressed with DEFLATE, if it does
/// @param further whether a responder that has narrowed the selectors would grant more of them
record ChildProposal(
    List<Proposal> sa,
    List<TrafficSelector> tsi,
    List<TrafficSelector> tsr,
    Mode mode,
    Padding padding,
    Optional<Ipcomp> ipcomp,
    Further further) {

  /// An offer, or an answer that says all there is to say.
  ChildProposal(
      List<Proposal> sa,
      List<TrafficSelector> tsi,
      List<TrafficSelector> tsr,
      Mode mode,
      Padding padding,
      Optional<Ipcomp> ipcomp) {
    this(sa, tsi, tsr, mode, padding, ipcomp, Further.NONE);
  }

  /// What a responder would grant beside what it grants (RFC 7296 §2.9).
  enum Further {
    /// Nothing that it says.
    NONE,
    /// More of what was asked for, in another Child SA: ADDITIONAL_TS_POSSIBLE.
    POSSIBLE
  }

  private static final int CPI_OCTETS = 2;

  /// Traffic flow confidentiality padding (RFC 4303 §2.7), towards the sender of the message.
  enum Padding {
    /// Nothing is said against it.
    TAKEN,
    /// ESP_TFC_PADDING_NOT_SUPPORTED.
    NOT_SUPPORTED
  }

  /// {@return what a message says, or nothing when it has none of the payloads}
  ///
  /// @throws MalformedException when it has some of them only
  static Optional<ChildProposal> in(Contents in) throws MalformedException {
    Optional<SecurityAssociation> sa = in.optional(SecurityAssociation.class);
    if (sa.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ChildProposal(
            sa.get().proposals(),
            in.required(TrafficSelectorsInitiator.class).selectors(),
            in.required(TrafficSelectorsResponder.class).selectors(),
            in.notifies().has(NotifyType.USE_TRANSPORT_MODE) ? Mode.TRANSPORT : Mode.TUNNEL,
            in.notifies().has(NotifyType.ESP_TFC_PADDING_NOT_SUPPORTED)
                ? Padding.NOT_SUPPORTED
                : Padding.TAKEN,
            ipcomp(in.notifies()),
            in.notifies().has(NotifyType.ADDITIONAL_TS_POSSIBLE)
                ? Further.POSSIBLE
                : Further.NONE));
  }

  /// The sender may take several algorithms, in a notification each; what follows the algorithm's
  /// number is its own affair (RFC 7296 §2.22).
  private static Optional<Ipcomp> ipcomp(Notifies notifies) throws MalformedException {
    for (Notify notify : notifies.all(NotifyType.IPCOMP_SUPPORTED)) {
      Bytes data = notify.data();
      if (data.length() <= CPI_OCTETS) {
        throw new MalformedException("IPCOMP_SUPPORTED of " + data.length() + " octets");
      }
      if (data.at(CPI_OCTETS) == Ipcomp.DEFLATE) {
        int cpi = data.at(0) << 8 | data.at(1);
        if (!Ipcomp.isAllowed(cpi)) {
          throw new MalformedException("IPCOMP_SUPPORTED under the reserved CPI " + cpi);
        }
        return Optional.of(new Ipcomp(cpi));
      }
    }
    return Optional.empty();
  }

  /// {@return this with other packets}
  ChildProposal with(List<TrafficSelector> otherTsi, List<TrafficSelector> otherTsr) {
    return new ChildProposal(sa, otherTsi, otherTsr, mode, padding, ipcomp, further);
  }

  private static Notify ipcompSupported(Ipcomp own) {
    byte[] data = {(byte) (own.cpi() >>> 8), (byte) own.cpi(), Ipcomp.DEFLATE};
    return Notify.of(NotifyType.IPCOMP_SUPPORTED, Bytes.of(data));
  }

  /// {@return the payloads, `between` standing after SA: Ni and KEi in CREATE_CHILD_SA}
  List<Payload> payloads(List<? extends Payload> between) {
    List<Payload> payloads = new ArrayList<>();
    if (mode == Mode.TRANSPORT) {
      payloads.add(Notify.of(NotifyType.USE_TRANSPORT_MODE));
    }
    if (padding == Padding.NOT_SUPPORTED) {
      payloads.add(Notify.of(NotifyType.ESP_TFC_PADDING_NOT_SUPPORTED));
    }
    ipcomp.ifPresent(own -> payloads.add(ipcompSupported(own)));
    payloads.add(new SecurityAssociation(sa));
    payloads.addAll(between);
    payloads.add(new TrafficSelectorsInitiator(tsi));
    payloads.add(new TrafficSelectorsResponder(tsr));
    if (further == Further.POSSIBLE) {
      payloads.add(Notify.of(NotifyType.ADDITIONAL_TS_POSSIBLE));
    }
    return payloads;
  }
}
