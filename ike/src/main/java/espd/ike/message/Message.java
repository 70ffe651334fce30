package espd.ike.message;

import java.util.List;
import java.util.stream.Collectors;

/// One IKE message (RFC 7296 §3).
///
/// As read from the network, what is encrypted stands in it as one [Encrypted] payload; a message
/// with the payloads from inside it has the same header.
///
/// @param header the header
/// @param payloads in the order of the wire
public record Message(Header header, List<Payload> payloads) {

  /// The octets of the largest message: what a UDP datagram can carry.
  public static final int MAX_OCTETS = 65_535;

  /// Copies the list.
  public Message {
    payloads = List.copyOf(payloads);
  }

  /// Reads one message.
  ///
  /// @param datagram a whole message, without non-ESP marker
  /// @throws InvalidMajorVersionException when it is not IKEv2
  /// @throws UnsupportedCriticalPayloadException when a payload we do not know is critical
  /// @throws MalformedException when it is no message
  public static Message read(byte[] datagram) throws MalformedException {
    if (datagram.length > MAX_OCTETS) {
      throw new MalformedException("a message of " + datagram.length + " octets");
    }
    Reader in = new Reader(datagram);
    Header.Start start = Header.readStart(in);
    return new Message(start.header(), Payloads.read(start.firstPayload(), in));
  }

  /// {@return the octets of the message}
  ///
  /// @throws IllegalStateException when it is larger than a datagram
  public byte[] write() {
    Writer body = new Writer();
    PayloadChain.write(payloads, body);
    byte[] payloadOctets = body.toArray();
    int length = checked(Header.OCTETS + payloadOctets.length);
    Writer out = new Writer();
    header.write(out, Header.VERSION_2, Payloads.firstType(payloads), length);
    return out.bytes(Bytes.of(payloadOctets)).toArray();
  }

  /// {@return the octets of a message whose only payload is encrypted, up to what is encrypted: the
  /// header and the Encrypted payload's generic header (the associated data of RFC 5282 §5.1)}
  ///
  /// @param header of the message
  /// @param firstInner the type of the first payload inside, 0 for none
  /// @param bodyOctets what follows: IV, ciphertext and ICV
  public static byte[] encryptedPrefix(Header header, int firstInner, int bodyOctets) {
    Writer out = new Writer();
    int payloadOctets = PayloadChain.GENERIC_HEADER_OCTETS + bodyOctets;
    int octets = checked(Header.OCTETS + payloadOctets);
    header.write(out, Header.VERSION_2, Encrypted.TYPE, octets);
    PayloadChain.writeGenericHeader(out, firstInner, 0, payloadOctets);
    return out.toArray();
  }

  /// {@return the octets of one fragment of an encrypted message, up to what is encrypted (RFC 7383
  /// §2.5)}
  ///
  /// @param header of the message
  /// @param fragment what its Encrypted Fragment payload says, its body aside
  /// @param bodyOctets what follows: IV, ciphertext and ICV
  public static byte[] fragmentPrefix(Header header, EncryptedFragment fragment, int bodyOctets) {
    Writer out = new Writer();
    int payloadOctets =
        PayloadChain.GENERIC_HEADER_OCTETS + EncryptedFragment.NUMBERS_OCTETS + bodyOctets;
    int octets = checked(Header.OCTETS + payloadOctets);
    header.write(out, Header.VERSION_2, EncryptedFragment.TYPE, octets);
    PayloadChain.writeGenericHeader(out, fragment.firstInner(), 0, payloadOctets);
    return out.u16(fragment.number()).u16(fragment.total()).toArray();
  }

  private static int checked(int octets) {
    if (octets > MAX_OCTETS) {
      throw new IllegalStateException("a message of " + octets + " octets");
    }
    return octets;
  }

  /// {@return the message in one line: `IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) ]`}
  @Override
  public String toString() {
    return header
        + payloads.stream().map(Payload::label).collect(Collectors.joining(" ", " [ ", " ]"));
  }
}
