package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.ChainedPayload;
import espd.ike.message.MalformedException;
import espd.ike.message.PayloadChain;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// One payload of a message (RFC 2408 §3), in the order of the RFC's numbers.
public sealed interface IsakmpPayload extends ChainedPayload
    permits SecurityAssociation,
        KeyExchange,
        Identification,
        Certificate,
        CertificateRequest,
        Hash,
        Signature,
        Nonce,
        Notification,
        Delete,
        VendorId,
        NatD,
        NatOa {

  /// {@return the payload without its generic header, such as `SAi_b` and `IDii_b` of RFC 2409 §5}
  default Bytes body() {
    Writer out = new Writer();
    writeBody(out);
    return Bytes.of(out.toArray());
  }

  /// A payload of a type we do not know is refused with its message (RFC 2408 §5.3): there is no
  /// bit that would permit to pass over it.
  static IsakmpPayload readBody(PayloadChain.Generic header, Reader in) throws MalformedException {
    if (header.flags() != 0) {
      throw new MalformedException("reserved octet " + header.flags() + " of a payload");
    }
    return switch (header.type()) {
      case SecurityAssociation.TYPE -> SecurityAssociation.read(in);
      case KeyExchange.TYPE -> KeyExchange.read(in);
      case Identification.TYPE -> Identification.read(in);
      case Certificate.TYPE -> Certificate.read(in);
      case CertificateRequest.TYPE -> CertificateRequest.read(in);
      case Hash.TYPE -> Hash.read(in);
      case Signature.TYPE -> Signature.read(in);
      case Nonce.TYPE -> Nonce.read(in);
      case Notification.TYPE -> Notification.read(in);
      case Delete.TYPE -> Delete.read(in);
      case VendorId.TYPE -> VendorId.read(in);
      case NatD.TYPE -> NatD.read(in);
      case NatOa.TYPE -> NatOa.read(in);
      default -> throw new MalformedException("payload type " + header.type());
    };
  }
}
