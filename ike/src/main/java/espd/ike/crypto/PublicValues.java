package espd.ike.crypto;

import espd.ike.message.Bytes;

/// What every group asks of a public value.
final class PublicValues {

  private PublicValues() {}

  /// Refuses a public value of another length than the group's (RFC 7296 §3.4).
  static void expectLength(DhGroup group, Bytes value) throws InvalidPublicValueException {
    if (value.length() != group.publicOctets()) {
      throw new InvalidPublicValueException(
          "public value of "
              + group
              + " has "
              + value.length()
              + " octets, not "
              + group.publicOctets());
    }
  }
}
