package espd.ike.message;

import java.util.ArrayList;
import java.util.List;

/// The mechanics of a chain of payloads (RFC 7296 §3.2, RFC 2408 §3.2): the only place that knows
/// the generic payload header.
///
/// ```
///                      1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Next Payload  |C|  RESERVED   |         Payload Length        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public final class PayloadChain {

  /// More payloads than this make no sense in one message.
  public static final int MAX_PAYLOADS = 64;

  static final int GENERIC_HEADER_OCTETS = 4;
  private static final int NO_NEXT_PAYLOAD = 0;

  private PayloadChain() {}

  /// The generic header of a payload.
  ///
  /// @param type the payload's own type, which the header before it announced
  /// @param next the type it announces, 0 for none
  /// @param flags its second octet
  public record Generic(int type, int next, int flags) {}

  /// Reads the payloads of one version of IKE.
  ///
  /// @param <P> that version's payloads
  @FunctionalInterface
  public interface Bodies<P extends ChainedPayload> {

    /// {@return the payload}
    ///
    /// @param header its generic header
    /// @param body what follows that, to be read to its end
    /// @throws MalformedException when it is none
    P read(Generic header, Reader body) throws MalformedException;
  }

  /// Reads payloads until one announces no other; what is behind them is left to the caller.
  ///
  /// @param firstType the type of the first one, 0 for none
  /// @param in from the first generic header on
  /// @param bodies reads each payload
  /// @throws MalformedException when they are no chain of payloads
  public static <P extends ChainedPayload> List<P> read(int firstType, Reader in, Bodies<P> bodies)
      throws MalformedException {
    List<P> payloads = new ArrayList<>();
    int type = firstType;
    while (type != NO_NEXT_PAYLOAD) {
      if (payloads.size() == MAX_PAYLOADS) {
        throw new MalformedException("more than " + MAX_PAYLOADS + " payloads");
      }
      Generic header = new Generic(type, in.u8(), in.u8());
      Reader body = in.sub(in.u16() - GENERIC_HEADER_OCTETS);
      P payload = bodies.read(header, body);
      body.expectEnd(payload.label());
      payloads.add(payload);
      type = payload.endsChain() ? NO_NEXT_PAYLOAD : header.next;
    }
    return payloads;
  }

  /// {@return the type that announces the chain, 0 when it is empty}
  public static int firstType(List<? extends ChainedPayload> payloads) {
    return payloads.isEmpty() ? NO_NEXT_PAYLOAD : payloads.getFirst().payloadType();
  }

  /// {@return the octets of the chain, to be encrypted; the caller's to wipe}
  public static byte[] write(List<? extends ChainedPayload> payloads) {
    Writer out = new Writer();
    write(payloads, out);
    byte[] octets = out.toArray();
    out.wipe();
    return octets;
  }

  /// Writes the chain.
  public static void write(List<? extends ChainedPayload> payloads, Writer out) {
    for (int i = 0; i < payloads.size(); i++) {
      ChainedPayload payload = payloads.get(i);
      int following = firstType(payloads.subList(i + 1, payloads.size()));
      int start = out.length();
      writeGenericHeader(out, payload.nextType(following), payload.flags(), 0);
      payload.writeBody(out);
      out.setU16(start + 2, out.length() - start);
    }
  }

  static void writeGenericHeader(Writer out, int next, int flags, int octets) {
    out.u8(next).u8(flags).u16(octets);
  }
}
