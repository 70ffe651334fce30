package espd.ike.message;

import java.util.ArrayList;
import java.util.List;

/// The chain of payloads (RFC 7296 §3.2): the only place that knows the generic payload header.
///
/// ```
///                      1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Next Payload  |C|  RESERVED   |         Payload Length        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public final class Payloads {

  /// More payloads than this make no sense in one message.
  public static final int MAX_PAYLOADS = 64;

  static final int GENERIC_HEADER_OCTETS = 4;
  private static final int NO_NEXT_PAYLOAD = 0;
  private static final int CRITICAL = 0x80;

  private Payloads() {}

  /// Reads the payloads that were inside an Encrypted payload.
  ///
  /// @param firstType the type of the first one, 0 for none
  /// @param octets the decrypted octets without padding
  /// @throws UnsupportedCriticalPayloadException when a payload we do not know is critical
  /// @throws MalformedException when they are no chain of payloads
  public static List<Payload> read(int firstType, byte[] octets) throws MalformedException {
    return read(firstType, new Reader(octets));
  }

  static List<Payload> read(int firstType, Reader in) throws MalformedException {
    List<Payload> payloads = new ArrayList<>();
    int type = firstType;
    while (type != NO_NEXT_PAYLOAD) {
      if (payloads.size() == MAX_PAYLOADS) {
        throw new MalformedException("more than " + MAX_PAYLOADS + " payloads");
      }
      int next = in.u8();
      boolean critical = (in.u8() & CRITICAL) != 0;
      Reader body = in.sub(in.u16() - GENERIC_HEADER_OCTETS);
      payloads.add(readBody(new Generic(type, next, critical), body));
      // RFC 7296 §3.14: an encrypted payload is the last one, its next payload the first inside.
      type = type == Encrypted.TYPE || type == EncryptedFragment.TYPE ? NO_NEXT_PAYLOAD : next;
    }
    in.expectEnd("message");
    return payloads;
  }

  private record Generic(int type, int next, boolean critical) {}

  private static Payload readBody(Generic header, Reader in) throws MalformedException {
    Payload payload =
        switch (header.type) {
          case SecurityAssociation.TYPE -> SecurityAssociation.read(in);
          case KeyExchange.TYPE -> KeyExchange.read(in);
          case IdInitiator.TYPE -> IdInitiator.read(in);
          case IdResponder.TYPE -> IdResponder.read(in);
          case Certificate.TYPE -> Certificate.read(in);
          case CertificateRequest.TYPE -> CertificateRequest.read(in);
          case Authentication.TYPE -> Authentication.read(in);
          case Nonce.TYPE -> Nonce.read(in);
          case Notify.TYPE -> Notify.read(in);
          case Delete.TYPE -> Delete.read(in);
          case VendorId.TYPE -> VendorId.read(in);
          case TrafficSelectorsInitiator.TYPE -> TrafficSelectorsInitiator.read(in);
          case TrafficSelectorsResponder.TYPE -> TrafficSelectorsResponder.read(in);
          case Encrypted.TYPE -> Encrypted.read(header.next, in);
          case Configuration.TYPE -> Configuration.read(in);
          case Eap.TYPE -> Eap.read(in);
          case EncryptedFragment.TYPE -> EncryptedFragment.read(header.next, in);
          default -> unknown(header, in);
        };
    in.expectEnd(payload.label());
    return payload;
  }

  private static Payload unknown(Generic header, Reader in) throws MalformedException {
    if (header.critical) {
      throw new UnsupportedCriticalPayloadException(header.type);
    }
    return new Unknown(header.type, false, in.rest());
  }

  /// {@return the octets of the chain, to be encrypted; the caller's to wipe}
  public static byte[] write(List<Payload> payloads) {
    Writer out = new Writer();
    write(payloads, out);
    byte[] octets = out.toArray();
    out.wipe();
    return octets;
  }

  /// {@return the type that announces the chain, 0 when it is empty}
  public static int firstType(List<Payload> payloads) {
    return payloads.isEmpty() ? NO_NEXT_PAYLOAD : payloads.getFirst().payloadType();
  }

  static void write(List<Payload> payloads, Writer out) {
    for (int i = 0; i < payloads.size(); i++) {
      Payload payload = payloads.get(i);
      int start = out.length();
      writeGenericHeader(out, next(payload, payloads.subList(i + 1, payloads.size())), 0);
      if (payload instanceof Unknown unknown && unknown.critical()) {
        out.setU8(start + 1, CRITICAL);
      }
      payload.writeBody(out);
      out.setU16(start + 2, out.length() - start);
    }
  }

  private static int next(Payload payload, List<Payload> following) {
    return switch (payload) {
      case Encrypted sk -> sk.firstInner();
      case EncryptedFragment skf -> skf.firstInner();
      default -> firstType(following);
    };
  }

  static void writeGenericHeader(Writer out, int next, int octets) {
    out.u8(next).u8(0).u16(octets);
  }
}
