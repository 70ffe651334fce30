package espd.ike.v1.message;

import espd.ike.message.MalformedException;

/// The types of identities (RFC 2407 §4.6.2.1); those that are one party are the same numbers as
/// IKEv2's.
public final class IdType {

  /// ID_IPV4_ADDR: four octets.
  public static final int IPV4_ADDR = 1;

  /// ID_FQDN.
  public static final int FQDN = 2;

  /// ID_USER_FQDN.
  public static final int USER_FQDN = 3;

  /// ID_IPV4_ADDR_SUBNET: address and mask.
  public static final int IPV4_ADDR_SUBNET = 4;

  /// ID_IPV6_ADDR: 16 octets.
  public static final int IPV6_ADDR = 5;

  /// ID_IPV6_ADDR_SUBNET: address and mask.
  public static final int IPV6_ADDR_SUBNET = 6;

  /// ID_IPV4_ADDR_RANGE: the first and the last address.
  public static final int IPV4_ADDR_RANGE = 7;

  /// ID_IPV6_ADDR_RANGE: the first and the last address.
  public static final int IPV6_ADDR_RANGE = 8;

  /// ID_DER_ASN1_DN.
  public static final int DER_ASN1_DN = 9;

  /// ID_DER_ASN1_GN.
  public static final int DER_ASN1_GN = 10;

  /// ID_KEY_ID.
  public static final int KEY_ID = 11;

  private static final int IPV4_OCTETS = 4;
  private static final int IPV6_OCTETS = 16;

  private IdType() {}

  /// Fails when data of a type cannot be so long.
  static void expectOctets(int type, int octets) throws MalformedException {
    int expected =
        switch (type) {
          case IPV4_ADDR -> IPV4_OCTETS;
          case IPV4_ADDR_SUBNET, IPV4_ADDR_RANGE -> 2 * IPV4_OCTETS;
          case IPV6_ADDR -> IPV6_OCTETS;
          case IPV6_ADDR_SUBNET, IPV6_ADDR_RANGE -> 2 * IPV6_OCTETS;
          default -> octets;
        };
    if (octets != expected) {
      throw new MalformedException("an ID of type " + type + " with " + octets + " octets");
    }
  }
}
