package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.PayloadChain;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One message of ISAKMP (RFC 2408 §3), or what was inside of an encrypted one.
///
/// @param header with [Header#ENCRYPTION] where the payloads are to be encrypted or were
/// @param payloads in the order of the wire
public record IsakmpMessage(Header header, List<IsakmpPayload> payloads) implements IsakmpDatagram {

  /// Copies the list.
  public IsakmpMessage {
    payloads = List.copyOf(payloads);
  }

  static IsakmpMessage read(Header header, int firstPayload, Reader in) throws MalformedException {
    return new IsakmpMessage(header, PayloadChain.read(firstPayload, in, IsakmpPayload::readBody));
  }

  /// {@return the octets of the message, which is not encrypted}
  ///
  /// @throws IllegalStateException when it is larger than a datagram
  public byte[] write() {
    byte[] octets = PayloadChain.write(payloads);
    if (octets.length > Message.MAX_OCTETS - Header.OCTETS) {
      throw new IllegalStateException("a message with payloads of " + octets.length + " octets");
    }
    Writer out = new Writer();
    int first = PayloadChain.firstType(payloads);
    header.write(out, Header.VERSION_1, first, Header.OCTETS + octets.length);
    return out.bytes(Bytes.of(octets)).toArray();
  }

  /// {@return its first payload of a kind, if there is one}
  public <P extends IsakmpPayload> Optional<P> first(Class<P> kind) {
    return all(kind).stream().findFirst();
  }

  /// {@return its payloads of a kind, in the order of the wire}
  public <P extends IsakmpPayload> List<P> all(Class<P> kind) {
    return payloads.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// {@return the payloads behind the first one: what HASH(1) and HASH(2) cover when that is the
  /// HASH (RFC 2409 §5.5)}
  public List<IsakmpPayload> afterFirst() {
    return payloads.isEmpty() ? payloads : payloads.subList(1, payloads.size());
  }

  /// {@return the message in one line, as one that begins an exchange or goes on with it: `ID_PROT
  /// request 0 [ SA V V V V ]`. The header does not say which it is}
  public String asRequest() {
    return line("request");
  }

  /// {@return the message in one line, as one that answers: `ID_PROT response 0 [ SA V V V ]`}
  public String asResponse() {
    return line("response");
  }

  private String line(String direction) {
    return header.exchangeName()
        + " "
        + direction
        + " "
        + Integer.toUnsignedString(header.messageId())
        + payloads.stream().map(IsakmpPayload::label).collect(Collectors.joining(" ", " [ ", " ]"));
  }
}
