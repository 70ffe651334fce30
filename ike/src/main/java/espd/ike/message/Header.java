package espd.ike.message;

/// The header of an IKE message (RFC 7296 §3.1, of IKEv1 RFC 2408 §3.1), without version, length
/// and first payload, which reading checks and writing knows.
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
/// @param spiI the initiator's SPI, in IKEv1 its cookie; never 0 in a message that makes sense
/// @param spiR the responder's SPI or cookie, 0 in the first request
/// @param exchange the exchange type: [#IKE_SA_INIT], [#IKE_AUTH], … or one we do not know
/// @param flags [#INITIATOR], [#VERSION] and [#RESPONSE], in IKEv1 [#ENCRYPTION], [#COMMIT] and
///   [#AUTHENTICATION_ONLY]; the others ignored
/// @param messageId an unsigned 32-bit number
public record Header(long spiI, long spiR, int exchange, int flags, int messageId) {

  /// IKEv1's Identity Protection exchange: main mode (RFC 2409 §5).
  public static final int IDENTITY_PROTECTION = 2;

  /// IKEv1's Aggressive exchange: aggressive mode (RFC 2409 §5).
  public static final int AGGRESSIVE = 4;

  /// IKEv1's Informational exchange (RFC 2409 §5.7).
  public static final int INFORMATIONAL_V1 = 5;

  /// IKEv1's quick mode (RFC 2409 §5.5).
  public static final int QUICK_MODE = 32;

  /// The first exchange.
  public static final int IKE_SA_INIT = 34;

  /// The exchange that authenticates.
  public static final int IKE_AUTH = 35;

  /// The exchange of further and of replaced SAs.
  public static final int CREATE_CHILD_SA = 36;

  /// The exchange of deletions, errors and liveness.
  public static final int INFORMATIONAL = 37;

  /// The first exchange of a client that has a ticket (RFC 5723 §4.3.2).
  public static final int IKE_SESSION_RESUME = 38;

  /// The exchange between IKE_SA_INIT and IKE_AUTH (RFC 9242 §3.2).
  public static final int IKE_INTERMEDIATE = 43;

  /// The exchange of additional key exchanges after CREATE_CHILD_SA (RFC 9370 §2.2.4).
  public static final int IKE_FOLLOWUP_KE = 44;

  /// The flag of a message of IKEv1 whose payloads are encrypted.
  public static final int ENCRYPTION = 0x01;

  /// The flag of a sender of IKEv1 that wants to be told when an SA is ready.
  public static final int COMMIT = 0x02;

  /// The flag of a message of IKEv1 that is authenticated and not encrypted.
  public static final int AUTHENTICATION_ONLY = 0x04;

  /// The flag of the IKE SA's original initiator.
  public static final int INITIATOR = 0x08;

  /// The flag of a sender that can speak a higher major version.
  public static final int VERSION = 0x10;

  /// The flag of a response.
  public static final int RESPONSE = 0x20;

  /// The octets of the header on the wire.
  public static final int OCTETS = 28;

  /// The version 1.0, as it is on the wire.
  public static final int VERSION_1 = 0x10;

  /// The version 2.0, as it is on the wire.
  public static final int VERSION_2 = 0x20;

  private static final int VERSION_AT = 17;
  private static final int MAJOR = 4;

  /// A header as read, with what tells how to go on.
  ///
  /// @param header the header
  /// @param version the major version in the high and the minor in the low four bits
  /// @param firstPayload the type of the first payload, 0 for none
  /// @param octets how long the message says it is, unsigned
  public record Start(Header header, int version, int firstPayload, int octets) {

    /// Fails unless the message is as long as it says.
    ///
    /// @param actual its octets
    public void expectOctets(int actual) throws MalformedException {
      if (octets != actual) {
        throw new MalformedException(
            "a message of " + actual + " octets says " + Integer.toUnsignedString(octets));
      }
    }
  }

  /// {@return the major version of a message, 0 when it is shorter than a header}
  ///
  /// @param datagram a whole message, without non-ESP marker
  public static int majorVersion(byte[] datagram) {
    return datagram.length < OCTETS ? 0 : (datagram[VERSION_AT] & 0xff) >>> MAJOR;
  }

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
    Start start = readAnyVersion(in);
    int major = start.version >>> MAJOR;
    if (major != VERSION_2 >>> MAJOR) {
      throw new InvalidMajorVersionException(start.header, major);
    }
    start.expectOctets(octets);
    return start;
  }

  /// Reads a header and checks nothing but that it is there.
  public static Start readAnyVersion(Reader in) throws MalformedException {
    long spiI = in.u64();
    long spiR = in.u64();
    int firstPayload = in.u8();
    int version = in.u8();
    int exchange = in.u8();
    int flags = in.u8();
    int messageId = in.u32();
    Header header = new Header(spiI, spiR, exchange, flags, messageId);
    return new Start(header, version, firstPayload, in.u32());
  }

  /// Writes the header.
  ///
  /// @param version [#VERSION_1] or [#VERSION_2]
  /// @param firstPayload the type of the first payload, 0 for none
  /// @param octets of the whole message
  public void write(Writer out, int version, int firstPayload, int octets) {
    out.u64(spiI).u64(spiR).u8(firstPayload).u8(version).u8(exchange).u8(flags);
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

  /// {@return whether it is of a message of IKEv1 whose payloads are encrypted}
  public boolean isEncrypted() {
    return (flags & ENCRYPTION) != 0;
  }

  /// {@return the exchange's name, or its number in brackets}
  public String exchangeName() {
    return switch (exchange) {
      case IDENTITY_PROTECTION -> "ID_PROT";
      case AGGRESSIVE -> "AGGRESSIVE";
      case INFORMATIONAL_V1 -> "INFORMATIONAL_V1";
      case QUICK_MODE -> "QUICK_MODE";
      case IKE_SA_INIT -> "IKE_SA_INIT";
      case IKE_AUTH -> "IKE_AUTH";
      case CREATE_CHILD_SA -> "CREATE_CHILD_SA";
      case INFORMATIONAL -> "INFORMATIONAL";
      case IKE_SESSION_RESUME -> "IKE_SESSION_RESUME";
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
