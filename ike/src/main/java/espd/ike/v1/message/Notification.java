package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// An error or a status (RFC 2408 §3.14, RFC 2407 §4.6.3).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !              Domain of Interpretation  (DOI)                  !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// !  Protocol-ID  !   SPI Size    !      Notify Message Type      !
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                Security Parameter Index (SPI)                 ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                       Notification Data                       ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param doi 0 of ISAKMP itself or [SecurityAssociation#IPSEC_DOI]; others are read as well
/// @param protocol of the SA it speaks of, as in [IsakmpProposal]
/// @param spi the SA it speaks of, at most 16 octets: of phase 1 both cookies
/// @param type one of [NotificationType], or one we do not know
/// @param data as the type says
public record Notification(int doi, int protocol, Bytes spi, int type, Bytes data)
    implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 11;

  /// {@return a notification about the phase 1 SA, whose SPI is both cookies: errors of phase 1,
  /// INITIAL-CONTACT (RFC 2407 §4.6.3.3), R-U-THERE (RFC 3706 §5.3)}
  ///
  /// @param header any of the SA's, which has the cookies
  public static Notification ofIsakmp(Header header, int type, Bytes data) {
    Bytes cookies = Delete.cookies(header);
    return new Notification(
        SecurityAssociation.IPSEC_DOI, IsakmpProposal.ISAKMP, cookies, type, data);
  }

  /// {@return a notification about an SA of ESP}
  ///
  /// @param spi the SPI that the receiver of the notification knows it by
  public static Notification ofEsp(int spi, int type, Bytes data) {
    return new Notification(
        SecurityAssociation.IPSEC_DOI, IsakmpProposal.ESP, Bytes.ofInt(spi), type, data);
  }

  static Notification read(Reader in) throws MalformedException {
    int doi = in.u32();
    int protocol = in.u8();
    int spiOctets = in.u8();
    int type = in.u16();
    if (spiOctets > IsakmpProposal.MAX_SPI_OCTETS) {
      throw new MalformedException("an SPI of " + spiOctets + " octets in N");
    }
    Bytes spi = in.bytes(spiOctets);
    return new Notification(doi, protocol, spi, type, in.rest());
  }

  @Override
  public void writeBody(Writer out) {
    out.u32(doi).u8(protocol).u8(spi.length()).u16(type).bytes(spi).bytes(data);
  }

  /// {@return whether it reports an error rather than a status (RFC 2408 §3.14.1)}
  public boolean isError() {
    return NotificationType.isError(type);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "N(" + NotificationType.shortName(type) + ")";
  }
}
