package espd.ike.eap.tls;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.util.Optional;

/// The Type-Data of EAP-TLS (RFC 5216 §3).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |L|M|S|R R R R R|  TLS Message Length ...       with L only
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  TLS Data ...
/// +-+-+-+-+-+-+-+-+
/// ```
///
/// @param start whether the server begins with it
/// @param more whether fragments of the same message follow
/// @param whole the octets of the message that it is a fragment of, where it says so
/// @param data the fragment
record EapTlsPacket(boolean start, boolean more, Optional<Long> whole, Bytes data) {

  /// The server's first.
  static final EapTlsPacket START = new EapTlsPacket(true, false, Optional.empty(), Bytes.EMPTY);

  private static final int LENGTH = 0x80;
  private static final int MORE = 0x40;
  private static final int BEGIN = 0x20;

  /// {@return the packet}
  ///
  /// @throws MalformedException when it is none
  static EapTlsPacket read(Bytes typeData) throws MalformedException {
    Reader in = new Reader(typeData.toArray());
    int flags = in.u8();
    Optional<Long> whole =
        (flags & LENGTH) == 0 ? Optional.empty() : Optional.of(Integer.toUnsignedLong(in.u32()));
    return new EapTlsPacket((flags & BEGIN) != 0, (flags & MORE) != 0, whole, in.rest());
  }

  /// {@return its octets}
  Bytes write() {
    int flags = (whole.isPresent() ? LENGTH : 0) | (more ? MORE : 0) | (start ? BEGIN : 0);
    Writer out = new Writer().u8(flags);
    whole.ifPresent(octets -> out.u32(octets.intValue()));
    return Bytes.of(out.bytes(data).toArray());
  }

  /// {@return whether it is nothing but the receipt of a fragment (RFC 5216 §2.1.5)}
  boolean isAcknowledgement() {
    return !start && !more && data.length() == 0;
  }
}
