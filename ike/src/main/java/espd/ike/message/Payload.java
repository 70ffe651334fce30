package espd.ike.message;

/// One payload of a message (RFC 7296 §3.2), in the order of the RFC's numbers.
public sealed interface Payload
    permits SecurityAssociation,
        KeyExchange,
        IdInitiator,
        IdResponder,
        Certificate,
        CertificateRequest,
        Authentication,
        Nonce,
        Notify,
        Delete,
        VendorId,
        TrafficSelectorsInitiator,
        TrafficSelectorsResponder,
        Encrypted,
        Configuration,
        Eap,
        EncryptedFragment,
        Unknown {

  /// {@return the payload's type, 1 to 255}
  int payloadType();

  /// Writes what follows the generic header.
  void writeBody(Writer out);

  /// {@return the payload's short name for logs, as strongSwan prints it: `SA`, `KE`,
  /// `N(NATD_S_IP)`}
  String label();
}
