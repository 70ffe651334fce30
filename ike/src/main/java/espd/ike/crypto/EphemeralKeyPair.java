package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.ike.message.KeyExchange;
import espd.spd.KeyMaterial;

/// The initiator's half of a key exchange (RFC 7296 §3.4), and of a Diffie-Hellman group the
/// responder's too: made by [KeyExchangeMethod#generate], used once, wiped by [#close()].
///
/// Not for two threads at the same time; making and agreeing take up to some tens of milliseconds.
public sealed interface EphemeralKeyPair extends AutoCloseable
    permits ModpKeyPair, EcpKeyPair, MontgomeryKeyPair, MlKemKeyPair {

  /// {@return the method both ends have to use}
  KeyExchangeMethod method();

  /// {@return our public value, exactly [KeyExchangeMethod#requestOctets()] long}
  Bytes publicValue();

  /// {@return the KE payload that says so}
  default KeyExchange ke() {
    return new KeyExchange(method().transformId(), publicValue());
  }

  /// The shared secret (RFC 7296 §2.14), exactly [KeyExchangeMethod#sharedOctets()] long: `g^ir` of
  /// a group, what was encapsulated of a KEM.
  ///
  /// @param answer what the other end sent, as it came
  /// @throws InvalidPublicValueException when it is not a value of the method that is safe to use
  KeyMaterial agree(Bytes answer) throws InvalidPublicValueException;

  /// Wipes the private value.
  @Override
  void close();
}
