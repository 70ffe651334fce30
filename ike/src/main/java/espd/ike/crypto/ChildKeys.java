package espd.ike.crypto;

import espd.spd.KeyMaterial;

/// The keys of a pair of Child SAs (RFC 7296 §2.17). Initiator is who asked for this pair, not who
/// began the IKE SA.
///
/// @param initiatorEncryption of what the initiator sends, with its salt
/// @param initiatorIntegrity of what the initiator sends, empty for an AEAD
/// @param responderEncryption of what the responder sends, with its salt
/// @param responderIntegrity of what the responder sends, empty for an AEAD
public record ChildKeys(
    KeyMaterial initiatorEncryption,
    KeyMaterial initiatorIntegrity,
    KeyMaterial responderEncryption,
    KeyMaterial responderIntegrity)
    implements AutoCloseable {

  /// {@return the cipher's key of what `sender` sends}
  public KeyMaterial encryption(Role sender) {
    return sender == Role.INITIATOR ? initiatorEncryption : responderEncryption;
  }

  /// {@return the ICV's key of what `sender` sends}
  public KeyMaterial integrity(Role sender) {
    return sender == Role.INITIATOR ? initiatorIntegrity : responderIntegrity;
  }

  /// Wipes all four. Not to be called once they are in an SA, which then owns them.
  @Override
  public void close() {
    initiatorEncryption.close();
    initiatorIntegrity.close();
    responderEncryption.close();
    responderIntegrity.close();
  }

  /// {@return nothing of the secrets}
  @Override
  public String toString() {
    return "<keys of a Child SA, redacted>";
  }
}
