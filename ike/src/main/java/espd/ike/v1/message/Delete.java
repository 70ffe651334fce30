package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// SAs that the sender has removed (RFC 2408 §3.15).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !              Domain of Interpretation  (DOI)                  !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !  Protocol-Id  !   SPI Size    !           # of SPIs           !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~               Security Parameter Index(es) (SPI)              ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param doi 0 of ISAKMP itself or [SecurityAssociation#IPSEC_DOI]; others are read as well
/// @param protocol as in [IsakmpProposal]
/// @param spis all of one length, at least one: of phase 1 both cookies, of ESP and AH those that
///   the sender received with
public record Delete(int doi, int protocol, List<Bytes> spis) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 12;

  /// More SPIs than this are refused.
  public static final int MAX_SPIS = 1024;

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException when it is empty or they are not of one length
  public Delete {
    spis = List.copyOf(spis);
    if (spis.isEmpty() || spis.stream().mapToInt(Bytes::length).distinct().count() > 1) {
      throw new IllegalArgumentException("SPIs " + spis);
    }
  }

  /// {@return the deletion of a phase 1 SA}
  ///
  /// @param header any of the SA's, which has the cookies
  public static Delete isakmp(Header header) {
    return new Delete(
        SecurityAssociation.IPSEC_DOI, IsakmpProposal.ISAKMP, List.of(cookies(header)));
  }

  /// {@return the deletion of SAs of ESP}
  ///
  /// @param spis that we receive with
  public static Delete esp(int... spis) {
    return new Delete(
        SecurityAssociation.IPSEC_DOI,
        IsakmpProposal.ESP,
        Arrays.stream(spis).mapToObj(Bytes::ofInt).toList());
  }

  static Bytes cookies(Header header) {
    return Bytes.of(new Writer().u64(header.spiI()).u64(header.spiR()).toArray());
  }

  static Delete read(Reader in) throws MalformedException {
    int doi = in.u32();
    int protocol = in.u8();
    int spiOctets = in.u8();
    int count = in.u16();
    if (count == 0 || count > MAX_SPIS) {
      throw new MalformedException(count + " SPIs in D");
    }
    boolean fits =
        protocol == IsakmpProposal.ISAKMP
            ? spiOctets == IsakmpProposal.MAX_SPI_OCTETS
            : spiOctets > 0 && IsakmpProposal.isSpi(protocol, spiOctets);
    if (!fits) {
      throw new MalformedException("SPIs of " + spiOctets + " octets in D, protocol " + protocol);
    }
    List<Bytes> spis = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      spis.add(in.bytes(spiOctets));
    }
    return new Delete(doi, protocol, spis);
  }

  @Override
  public void writeBody(Writer out) {
    out.u32(doi).u8(protocol).u8(spis.getFirst().length()).u16(spis.size());
    spis.forEach(out::bytes);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "D";
  }
}
