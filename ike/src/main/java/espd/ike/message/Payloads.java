package espd.ike.message;

import java.util.List;

/// The payloads of IKEv2 in their chain (RFC 7296 §3.2).
public final class Payloads {

  /// More payloads than this make no sense in one message.
  public static final int MAX_PAYLOADS = PayloadChain.MAX_PAYLOADS;

  static final int CRITICAL = 0x80;

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
    List<Payload> payloads = PayloadChain.read(firstType, in, Payloads::readBody);
    in.expectEnd("message");
    return payloads;
  }

  private static Payload readBody(PayloadChain.Generic header, Reader in)
      throws MalformedException {
    return switch (header.type()) {
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
      case Encrypted.TYPE -> Encrypted.read(header.next(), in);
      case Configuration.TYPE -> Configuration.read(in);
      case Eap.TYPE -> Eap.read(in);
      case EncryptedFragment.TYPE -> EncryptedFragment.read(header.next(), in);
      default -> unknown(header, in);
    };
  }

  private static Payload unknown(PayloadChain.Generic header, Reader in) throws MalformedException {
    if ((header.flags() & CRITICAL) != 0) {
      throw new UnsupportedCriticalPayloadException(header.type());
    }
    return new Unknown(header.type(), false, in.rest());
  }

  /// {@return the octets of the chain, to be encrypted; the caller's to wipe}
  public static byte[] write(List<Payload> payloads) {
    return PayloadChain.write(payloads);
  }

  /// {@return the type that announces the chain, 0 when it is empty}
  public static int firstType(List<Payload> payloads) {
    return PayloadChain.firstType(payloads);
  }
}
