package espd.ike.crypto;

import espd.ike.message.Bytes;

/// What every method asks of the other end's value.
final class PublicValues {

  private PublicValues() {}

  /// Refuses a public value of another length than the group's (RFC 7296 §3.4).
  static void expectLength(KeyExchangeMethod group, Bytes value)
      throws InvalidPublicValueException {
    expectLength(group, group.requestOctets(), value);
  }

  /// Refuses a value of another length than the method's (RFC 7296 §3.4, FIPS 203 §7.2, §7.3).
  static void expectLength(KeyExchangeMethod method, int octets, Bytes value)
      throws InvalidPublicValueException {
    if (value.length() != octets) {
      throw new InvalidPublicValueException(
          "public value of " + method + " has " + value.length() + " octets, not " + octets);
    }
  }
}
