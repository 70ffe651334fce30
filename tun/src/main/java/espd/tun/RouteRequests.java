package espd.tun;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.nio.ByteBuffer;

/// What is asked of the kernel's routing, as messages of rtnetlink (RFC 3549 §3.1): rules, routes
/// and addresses under the numbers of ours.
///
/// @param numbers of ours
/// @param family that is spoken of
record RouteRequests(HostRouting numbers, IpFamily family) {

  static final int NEW_ROUTE = 24;
  static final int NEW_RULE = 32;

  private static final int NEW_ADDRESS = 20;
  private static final int DELETE_ADDRESS = 21;
  private static final int DELETE_ROUTE = 25;
  private static final int GET_ROUTE = 26;
  private static final int DELETE_RULE = 33;
  private static final int GET_RULE = 34;

  /// `struct rtmsg` and `struct fib_rule_hdr` have the table here, as long as it is below 256, and
  /// end here.
  private static final int TABLE = 4;

  private static final int HEADER = 12;

  private static final int ROUTE_DESTINATION = 1;
  private static final int ROUTE_DEVICE = 4;
  private static final int ROUTE_SOURCE = 7;
  private static final int ROUTE_TABLE = 15;
  private static final int BOOT = 3;
  private static final int LINK_SCOPE = 253;
  private static final int UNICAST = 1;

  private static final int RULE_PREFERENCE = 6;
  private static final int RULE_MARK = 10;
  private static final int RULE_TABLE = 15;
  private static final int LEADS_TO_TABLE = 1;
  private static final int INVERTED = 0x2;

  private static final int ADDRESS = 1;
  private static final int LOCAL_ADDRESS = 2;
  private static final int ADDRESS_LIFETIME = 6;
  private static final int ADDRESS_FLAGS = 8;
  private static final int NO_DETECTION = 0x2;
  private static final int FOREVER = -1;

  /// Puts in the rule that leads all but packets of ours to the table.
  NetlinkMessage addRule() {
    return new NetlinkMessage(NEW_RULE, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE)
        .octets(family.number, 0, 0, 0, 0, 0, 0, LEADS_TO_TABLE)
        .number(INVERTED)
        .attribute(RULE_PREFERENCE, numbers.preference())
        .attribute(RULE_MARK, numbers.mark())
        .attribute(RULE_TABLE, numbers.table());
  }

  /// Asks for all rules.
  NetlinkMessage rules() {
    return new NetlinkMessage(GET_RULE, NetlinkMessage.DUMP)
        .octets(family.number, 0, 0, 0, 0, 0, 0, 0)
        .number(0);
  }

  /// Takes out a rule.
  ///
  /// @param shown as the answer to [#rules] shows it
  static NetlinkMessage removeRule(ByteBuffer shown) {
    return new NetlinkMessage(DELETE_RULE, 0, shown);
  }

  /// Asks for the routes of the table.
  NetlinkMessage routes() {
    return new NetlinkMessage(GET_ROUTE, NetlinkMessage.DUMP)
        .octets(family.number, 0, 0, 0, 0, 0, 0, 0)
        .number(0)
        .attribute(ROUTE_TABLE, numbers.table());
  }

  /// Takes out a route.
  ///
  /// @param shown as the answer to [#routes] shows it
  static NetlinkMessage removeRoute(ByteBuffer shown) {
    return new NetlinkMessage(DELETE_ROUTE, 0, shown);
  }

  /// {@return whether a rule or a route is of our table}
  ///
  /// @param shown as the answer to [#rules] or [#routes] shows it
  boolean isOurs(ByteBuffer shown) {
    int begin = shown.position();
    ByteBuffer attributes = shown.duplicate().order(shown.order()).position(begin + HEADER);
    ByteBuffer table = NetlinkMessage.attributes(attributes).get(ROUTE_TABLE);
    int number = table == null ? shown.get(begin + TABLE) & 0xff : table.getInt(0);
    return number == numbers.table();
  }

  /// Puts in a route.
  ///
  /// @param index of the device
  /// @param flags whether it takes another's place
  NetlinkMessage addRoute(AddressRange destination, Ipv6Address source, int index, int flags) {
    NetlinkMessage request =
        route(NEW_ROUTE, NetlinkMessage.CREATE | flags, destination).attribute(ROUTE_DEVICE, index);
    // A gateway may have no address of IPv4 that could be the source; the host then finds one.
    return IpFamily.of(source) == family
        ? request.attribute(ROUTE_SOURCE, family.octets(source))
        : request;
  }

  /// Takes out the route to a destination.
  NetlinkMessage removeRoute(AddressRange destination) {
    return route(DELETE_ROUTE, 0, destination);
  }

  private NetlinkMessage route(int type, int flags, AddressRange destination) {
    NetlinkMessage request =
        new NetlinkMessage(type, flags)
            .octets(family.number, destination.prefixLength(), 0, 0, 0)
            .octets(BOOT, family == IpFamily.IPV4 ? LINK_SCOPE : 0, UNICAST)
            .number(0)
            .attribute(ROUTE_TABLE, numbers.table());
    return destination.prefixLength() > 0
        ? request.attribute(ROUTE_DESTINATION, family.octets(destination.first()))
        : request;
  }

  /// Gives the device an address, in a network of one: at once, without a search for duplicates,
  /// and the source of no packets but those whose route says so.
  NetlinkMessage addAddress(Ipv6Address address, int index) {
    NetlinkMessage request =
        address(NEW_ADDRESS, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, address, index);
    if (family == IpFamily.IPV6) {
      ByteBuffer lifetime = ByteBuffer.allocate(16).putInt(0).putInt(FOREVER);
      request.attribute(ADDRESS_FLAGS, NO_DETECTION).attribute(ADDRESS_LIFETIME, lifetime.array());
    }
    return request;
  }

  /// Takes an address from the device.
  NetlinkMessage removeAddress(Ipv6Address address, int index) {
    return address(DELETE_ADDRESS, 0, address, index);
  }

  private NetlinkMessage address(int type, int flags, Ipv6Address address, int index) {
    byte[] octets = family.octets(address);
    return new NetlinkMessage(type, flags)
        .octets(family.number, octets.length * Byte.SIZE, 0, 0)
        .number(index)
        .attribute(LOCAL_ADDRESS, octets)
        .attribute(ADDRESS, octets);
  }
}
