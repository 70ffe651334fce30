package espd.ike.v1.message;

import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What the sender offers, or what it chose of an offer (RFC 2408 §3.4, RFC 2407 §4.6.1).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !                Domain of Interpretation (IPSEC)               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !                       Situation (bitmap)                      !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                           Proposals                           ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param doi [#IPSEC_DOI], or one whose situation and proposals we cannot read
/// @param situation [#SIT_IDENTITY_ONLY], or one whose proposals we cannot read; 0 of another DOI
/// @param proposals in the order of preference; empty exactly where there is an [#objection()]
public record SecurityAssociation(int doi, int situation, List<IsakmpProposal> proposals)
    implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 1;

  /// The DOI of IPsec (RFC 2407 §4.1).
  public static final int IPSEC_DOI = 1;

  /// The situation of an SA that depends on the identity of the peer only (RFC 2407 §4.2.1).
  public static final int SIT_IDENTITY_ONLY = 1;

  /// More proposals than this are refused.
  public static final int MAX_PROPOSALS = 64;

  /// More transforms than this are refused, of all proposals together.
  public static final int MAX_TRANSFORMS = 512;

  /// Copies the list.
  public SecurityAssociation {
    proposals = List.copyOf(proposals);
  }

  /// {@return the SA of IPsec, with nothing but identities}
  public static SecurityAssociation of(List<IsakmpProposal> proposals) {
    return new SecurityAssociation(IPSEC_DOI, SIT_IDENTITY_ONLY, proposals);
  }

  /// {@return the notification that answers an SA we cannot speak about: one of
  /// [NotificationType#DOI_NOT_SUPPORTED] and [NotificationType#SITUATION_NOT_SUPPORTED] (RFC 2408
  /// §5.4); nothing of any other}
  public OptionalInt objection() {
    if (doi != IPSEC_DOI) {
      return OptionalInt.of(NotificationType.DOI_NOT_SUPPORTED);
    }
    return situation == SIT_IDENTITY_ONLY
        ? OptionalInt.empty()
        : OptionalInt.of(NotificationType.SITUATION_NOT_SUPPORTED);
  }

  static SecurityAssociation read(Reader in) throws MalformedException {
    int doi = in.u32();
    int situation = doi == IPSEC_DOI ? in.u32() : 0;
    if (doi != IPSEC_DOI || situation != SIT_IDENTITY_ONLY) {
      in.skip(in.remaining());
      return new SecurityAssociation(doi, situation, List.of());
    }
    List<IsakmpProposal> proposals = new ArrayList<>();
    Substructures.read(in, IsakmpProposal.TYPE, body -> add(IsakmpProposal.read(body), proposals));
    return SecurityAssociation.of(proposals);
  }

  private static void add(IsakmpProposal proposal, List<IsakmpProposal> proposals)
      throws MalformedException {
    proposals.add(proposal);
    int transforms = proposals.stream().mapToInt(p -> p.transforms().size()).sum();
    if (proposals.size() > MAX_PROPOSALS || transforms > MAX_TRANSFORMS) {
      throw new MalformedException(
          proposals.size() + " proposals with " + transforms + " transforms");
    }
  }

  @Override
  public void writeBody(Writer out) {
    out.u32(doi);
    if (doi == IPSEC_DOI) {
      out.u32(situation);
    }
    Substructures.write(out, IsakmpProposal.TYPE, proposals, IsakmpProposal::writeBody);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "SA";
  }
}
