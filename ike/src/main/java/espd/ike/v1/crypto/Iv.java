package espd.ike.v1.crypto;

import espd.ike.message.Bytes;

/// What the next message of an exchange is encrypted or decrypted with (RFC 2409 appendix B): the
/// last block of ciphertext of the message before, or what the exchange begins with.
///
/// @param octets one block of the cipher
public record Iv(Bytes octets) {}
