package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.util.ArrayList;
import java.util.List;

/// What is proposed for one protocol (RFC 2408 §3.5): one of the transforms is to be chosen.
/// Proposals with the same number are meant together (RFC 2408 §4.2).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ! Next Payload  !   RESERVED    !         Payload Length        !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !  Proposal #   !  Protocol-Id  !    SPI Size   !# of Transforms!
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                        SPI (variable)                         ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param number counts up
/// @param protocol [#ISAKMP], [#AH], [#ESP], [#IPCOMP], or one we do not know
/// @param spi the sender's: in phase 1 nothing or what is passed over, 4 octets of ESP and AH, 2 or
///   4 of IPComp
/// @param transforms in the order of preference; never empty, at most 255
public record IsakmpProposal(
    int number, int protocol, Bytes spi, List<IsakmpTransform> transforms) {

  /// PROTO_ISAKMP (RFC 2407 §4.4.1).
  public static final int ISAKMP = 1;

  /// PROTO_IPSEC_AH.
  public static final int AH = 2;

  /// PROTO_IPSEC_ESP.
  public static final int ESP = 3;

  /// PROTO_IPCOMP.
  public static final int IPCOMP = 4;

  /// The most octets of an SPI of ISAKMP: both cookies (RFC 2408 §3.5).
  public static final int MAX_SPI_OCTETS = 16;

  static final int TYPE = 2;

  private static final int SPI_OCTETS = 4;
  private static final int CPI_OCTETS = 2;

  /// Copies the list.
  public IsakmpProposal {
    transforms = List.copyOf(transforms);
  }

  /// {@return this proposal with an SPI and one of its transforms, as it is chosen}
  public IsakmpProposal with(Bytes otherSpi, IsakmpTransform chosen) {
    return new IsakmpProposal(number, protocol, otherSpi, List.of(chosen));
  }

  static IsakmpProposal read(Reader in) throws MalformedException {
    int number = in.u8();
    int protocol = in.u8();
    int spiOctets = in.u8();
    int count = in.u8();
    if (!isSpi(protocol, spiOctets)) {
      throw new MalformedException("an SPI of " + spiOctets + " octets, protocol " + protocol);
    }
    Bytes spi = in.bytes(spiOctets);
    List<IsakmpTransform> transforms = new ArrayList<>();
    Substructures.read(
        in, IsakmpTransform.TYPE, body -> transforms.add(IsakmpTransform.read(body)));
    if (transforms.size() != count) {
      throw new MalformedException(transforms.size() + " transforms, said to be " + count);
    }
    return new IsakmpProposal(number, protocol, spi, transforms);
  }

  /// {@return whether SPIs of a protocol can be so long; of one we do not know whatever there is}
  static boolean isSpi(int protocol, int octets) {
    return switch (protocol) {
      case AH, ESP -> octets == SPI_OCTETS;
      case IPCOMP -> octets == CPI_OCTETS || octets == SPI_OCTETS;
      default -> octets <= MAX_SPI_OCTETS;
    };
  }

  void writeBody(Writer out) {
    out.u8(number).u8(protocol).u8(spi.length()).u8(transforms.size()).bytes(spi);
    Substructures.write(out, IsakmpTransform.TYPE, transforms, IsakmpTransform::writeBody);
  }
}
