package espd.ike.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// SAs that the sender has removed (RFC 7296 §3.11).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Protocol ID   |   SPI Size    |          Num of SPIs          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~               Security Parameter Index(es) (SPI)              ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param protocol [Proposal#IKE] for this IKE SA, else [Proposal#AH] or [Proposal#ESP]
/// @param spis that the sender received with, 4 octets each; empty for IKE
public record Delete(int protocol, List<Bytes> spis) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 42;

  /// More SPIs than this are refused.
  public static final int MAX_SPIS = 1024;

  private static final int SPI_OCTETS = 4;

  /// Copies the list.
  public Delete {
    spis = List.copyOf(spis);
  }

  /// {@return the deletion of the IKE SA that carries it}
  public static Delete ikeSa() {
    return new Delete(Proposal.IKE, List.of());
  }

  /// {@return the deletion of Child SAs}
  ///
  /// @param spis that we receive with
  public static Delete esp(int... spis) {
    return new Delete(Proposal.ESP, Arrays.stream(spis).mapToObj(Bytes::ofInt).toList());
  }

  static Delete read(Reader in) throws MalformedException {
    int protocol = in.u8();
    int spiOctets = in.u8();
    int count = in.u16();
    int expected = protocol == Proposal.IKE ? 0 : SPI_OCTETS;
    if (count > MAX_SPIS || (protocol == Proposal.IKE && count > 0)) {
      throw new MalformedException(count + " SPIs in D of protocol " + protocol);
    }
    if (spiOctets != expected && (count > 0 || protocol == Proposal.IKE)) {
      throw new MalformedException("SPIs of " + spiOctets + " octets, not " + expected);
    }
    List<Bytes> spis = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      spis.add(in.bytes(SPI_OCTETS));
    }
    return new Delete(protocol, spis);
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(protocol).u8(protocol == Proposal.IKE ? 0 : SPI_OCTETS).u16(spis.size());
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
