package espd.ike.message;

import java.util.ArrayList;
import java.util.List;

/// What the sender offers, or the one proposal it chose (RFC 7296 §3.3).
///
/// @param proposals in the order of preference
public record SecurityAssociation(List<Proposal> proposals) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 33;

  /// More proposals than this are refused.
  public static final int MAX_PROPOSALS = 64;

  private static final int LAST = 0;
  private static final int MORE = 2;

  /// Copies the list.
  public SecurityAssociation {
    proposals = List.copyOf(proposals);
  }

  static SecurityAssociation read(Reader in) throws MalformedException {
    List<Proposal> proposals = new ArrayList<>();
    boolean more = true;
    while (more) {
      if (proposals.size() == MAX_PROPOSALS) {
        throw new MalformedException("more than " + MAX_PROPOSALS + " proposals");
      }
      int last = in.u8();
      if (last != LAST && last != MORE) {
        throw new MalformedException("last substructure " + last + " of a proposal");
      }
      in.skip(1);
      Reader body = in.sub(in.u16() - Proposal.HEADER_OCTETS);
      proposals.add(Proposal.read(body));
      more = last == MORE;
    }
    return new SecurityAssociation(proposals);
  }

  @Override
  public void writeBody(Writer out) {
    for (int i = 0; i < proposals.size(); i++) {
      int start = out.length();
      out.u8(i < proposals.size() - 1 ? MORE : LAST).u8(0).u16(0);
      proposals.get(i).writeBody(out);
      out.setU16(start + 2, out.length() - start);
    }
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
