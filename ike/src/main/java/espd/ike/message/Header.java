package espd.ike.message;

/// The header of an IKE message (RFC 7296 §3.1), without version, length and first payload, which
/// reading checks and writing knows.
///
/// ```
///                      1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                       IKE SA Initiator's SPI                  |
/// |                                                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                       IKE SA Responder's SPI                  |
/// |                                                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Next Payload | MjVer | MnVer | Exchange Type |     Flags     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                          Message ID                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                            Length                             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param spiI the initiator's SPI, never 0 in a message that makes sense
/// @param spiR the responder's SPI, 0 in the first request
/// @param exchange the exchange type: [#IKE_SA_INIT], [#IKE_AUTH], … or one we do not know
/// @param flags [#INITIATOR], [#VERSION] and [#RESPONSE], the others ignored
/// @param messageId an unsigned 32-bit number
public record Header(long spiI, long spiR, int exchange, int flags, int messageId) {

  /// The first exchange.
  public static final int IKE_SA_INIT = 34;

  /// The exchange that authenticates.
  public static final int IKE_AUTH = 35;

  /// The exchange of further and of replaced SAs.
  public static final int CREATE_CHILD_SA = 36;

  /// The exchange of deletions, errors and liveness.
  public static final int INFORMATIONAL = 37;

  /// The exchange between IKE_SA_INIT and IKE_AUTH (RFC 9242 §3.2).
  public static final int IKE_INTERMEDIATE = 43;

  /// The exchange of additional key exchanges after CREATE_CHILD_SA (RFC 9370 §2.2.4).
  public static final int IKE_FOLLOWUP_KE = 44;

  /// The flag of the IKE SA's original initiator.
  public static final int INITIATOR = 0x08;

  /// The flag of a sender that can speak a higher major version.
  public static final int VERSION = 0x10;

  /// The flag of a response.
  public static final int RESPONSE = 0x20;

  /// The octets of the header on the wire.
  public static final int OCTETS = 28;

  private static final int MAJOR_VERSION = 2;

  /// A header as read, with what tells how to go on.
  ///
  /// @param header the header
  /// @param firstPayload the type of the first payload, 0 for none
  record Start(Header header, int firstPayload) {}

  /// Reads the header of `datagram` alone, to find the IKE SA it belongs to.
  ///
  /// @param datagram a whole message, without non-ESP marker
  /// @throws InvalidMajorVersionException when it is not IKEv2
  /// @throws MalformedException when it is shorter than a header or has another length than it says
  public static Header read(byte[] datagram) throws MalformedException {
    return readStart(new Reader(datagram)).header;
  }

  static Start readStart(Reader in) throws MalformedException {
    int octets = in.remaining();
    long spiI = in.u64();
    long spiR = in.u64();
    int firstPayload = in.u8();
    int version = in.u8();
    int exchange = in.u8();
    int flags = in.u8();
    int messageId = in.u32();
    long length = in.u32() & 0xffffffffL;
    Header header = new Header(spiI, spiR, exchange, flags, messageId);
    if (version >>> 4 != MAJOR_VERSION) {
      throw new InvalidMajorVersionException(header, version >>> 4);
    }
    if (length != octets) {
      throw new MalformedException("a message of " + octets + " octets says " + length);
    }
    return new Start(header, firstPayload);
  }

  void write(Writer out, int firstPayload, int octets) {
    out.u64(spiI).u64(spiR).u8(firstPayload).u8(MAJOR_VERSION << 4).u8(exchange).u8(flags);
    out.u32(messageId).u32(octets);
  }

  /// {@return whether the IKE SA's original initiator sent it}
  public boolean fromInitiator() {
    return (flags & INITIATOR) != 0;
  }

  /// {@return whether it is a response}
  public boolean isResponse() {
    return (flags & RESPONSE) != 0;
  }

  /// {@return the exchange's name, or its number in brackets}
  public String exchangeName() {
    return switch (exchange) {
      case IKE_SA_INIT -> "IKE_SA_INIT";
      case IKE_AUTH -> "IKE_AUTH";
      case CREATE_CHILD_SA -> "CREATE_CHILD_SA";
      case INFORMATIONAL -> "INFORMATIONAL";
      case IKE_INTERMEDIATE -> "IKE_INTERMEDIATE";
      case IKE_FOLLOWUP_KE -> "IKE_FOLLOWUP_KE";
      default -> "(" + exchange + ")";
    };
  }

  /// {@return `IKE_AUTH request 1`}
  @Override
  public String toString() {
    return exchangeName()
        + (isResponse() ? " response " : " request ")
        + Integer.toUnsignedString(messageId);
  }
}
