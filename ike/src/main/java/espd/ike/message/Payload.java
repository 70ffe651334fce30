package espd.ike.message;

/// One payload of a message (RFC 7296 §3.2), in the order of the RFC's numbers.
public sealed interface Payload extends ChainedPayload
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
        Unknown {}
