package espd.ike.message;

/// An error or a status (RFC 7296 §3.10).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Protocol ID  |   SPI Size    |      Notify Message Type      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                Security Parameter Index (SPI)                 ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                       Notification Data                       ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param protocol of the SPI: [Proposal#ESP], [Proposal#AH], or 0 when there is no SPI
/// @param spi the SA it speaks of, or empty
/// @param type one of [NotifyType], or one we do not know
/// @param data as the type says
public record Notify(int protocol, Bytes spi, int type, Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 41;

  /// {@return a notification without SPI and data}
  ///
  /// @param type one of [NotifyType]
  public static Notify of(int type) {
    return of(type, Bytes.EMPTY);
  }

  /// {@return a notification without SPI}
  ///
  /// @param type one of [NotifyType]
  public static Notify of(int type, Bytes data) {
    return new Notify(0, Bytes.EMPTY, type, data);
  }

  /// {@return a notification about an SA of ESP, such as REKEY_SA}
  ///
  /// @param type one of [NotifyType]
  /// @param spi the SPI that the sender of this notification receives with
  public static Notify ofEsp(int type, int spi) {
    return new Notify(Proposal.ESP, Bytes.ofInt(spi), type, Bytes.EMPTY);
  }

  static Notify read(Reader in) throws MalformedException {
    int protocol = in.u8();
    int spiOctets = in.u8();
    int type = in.u16();
    Bytes spi = in.bytes(spiOctets);
    return new Notify(protocol, spi, type, in.rest());
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(protocol).u8(spi.length()).u16(type).bytes(spi).bytes(data);
  }

  /// {@return whether it reports an error rather than a status (RFC 7296 §3.10.1)}
  public boolean isError() {
    return NotifyType.isError(type);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "N(" + NotifyType.shortName(type) + ")";
  }
}
