package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;

/// One end's half of a Diffie-Hellman exchange (RFC 7296 §3.4): made by [DhGroup#generate], used
/// once, wiped by [#close()].
///
/// Not for two threads at the same time; making and agreeing take up to some tens of milliseconds.
public sealed interface DhKeyPair extends AutoCloseable
    permits ModpKeyPair, EcpKeyPair, Curve25519KeyPair {

  /// {@return the group both ends have to use}
  DhGroup group();

  /// {@return our public value, exactly [DhGroup#publicOctets()] long}
  Bytes publicValue();

  /// The shared secret `g^ir` (RFC 7296 §2.14), exactly [DhGroup#sharedOctets()] long.
  ///
  /// @param peerPublic the peer's public value, as it came
  /// @throws InvalidPublicValueException when it is not a value of the group that is safe to use
  KeyMaterial agree(Bytes peerPublic) throws InvalidPublicValueException;

  /// Wipes the private value.
  @Override
  void close();
}
