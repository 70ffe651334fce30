/// The cryptography of IKEv2: from the negotiated transforms to keys, to the encrypted payload and
/// to the proof of a shared secret.
///
/// | formula or rule                                   | where                                    |
/// |---------------------------------------------------|------------------------------------------|
/// | which proposal (RFC 7296 §2.7, §3.3)              | [ProposalSelection], [TransformNames]    |
/// | what was chosen                                   | [IkeSuite], [ChildSuite]                 |
/// | g^ir, ML-KEM (RFC 7296 §2.12, §3.4, FIPS 203)     | [KeyExchangeMethod], [EphemeralKeyPair]  |
/// | several key exchanges (RFC 9370 §2.2)             | [AdditionalKeyExchange], [SharedSecrets] |
/// | prf, prf+ (RFC 7296 §2.13)                        | [Prf]                                    |
/// | SKEYSEED, SK_d … SK_pr, KEYMAT (§2.14, §2.17)     | [IkeKeys], [ChildKeys]                   |
/// | the Encrypted payload (RFC 7296 §3.14, RFC 5282)  | [IkeCipher]                              |
/// | AUTH with a shared secret (RFC 7296 §2.15)        | [AuthData], [SignedOctets]               |
/// | tickets, sealed (RFC 5723 §6.1)                   | [TicketKey]                              |
/// | IntAuth (RFC 9242 §3.3)                           | [IntAuth]                                |
/// | NAT detection (RFC 7296 §2.23)                    | [NatDetection]                           |
///
/// Nothing here knows a state or a socket, and randomness is passed in. Secrets are
/// [espd.spd.KeyMaterial] and are wiped where they end. All of it is the slow path: Bouncy Castle's
/// lightweight interface, which throws no checked exceptions and knows no providers.
@NullMarked
package espd.ike.crypto;

import org.jspecify.annotations.NullMarked;
