package espd.ike.exchange;

import espd.ike.Assigned;
import espd.ike.InternalAddresses;
import espd.ike.message.Bytes;
import espd.ike.message.Configuration;
import espd.ike.message.Configuration.Attribute;
import espd.spd.Ipv6Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What Configuration payloads say of addresses inside of the tunnel (RFC 7296 §2.19, §3.15).
///
/// ```
/// CP(CFG_REQUEST) = INTERNAL_IP6_ADDRESS() INTERNAL_IP6_DNS()              -->
///            <--  CP(CFG_REPLY) = INTERNAL_IP6_ADDRESS(2001:db8::7/128) INTERNAL_IP6_DNS(…)
/// ```
///
/// Attributes we do not know are ignored, as §3.15.1 has it.
final class AddressConfiguration {

  /// No peer gets more addresses than this.
  private static final int MOST = 4;

  private static final int HOST_PREFIX = 128;

  private AddressConfiguration() {}

  /// {@return what an initiator asks for, or nothing when it wants no address}
  ///
  /// @param wanted addresses, or any of a family
  static Optional<Configuration> request(List<Ipv6Address> wanted) {
    List<Attribute> attributes = new ArrayList<>();
    wanted.forEach(address -> attributes.add(address(address)));
    wanted.stream()
        .map(AddressConfiguration::dnsType)
        .distinct()
        .forEach(type -> attributes.add(new Attribute(type, Bytes.EMPTY)));
    return attributes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Configuration(Configuration.REQUEST, attributes));
  }

  /// {@return the addresses that an initiator asks for, or any of a family; no more than it can
  /// get}
  static List<Ipv6Address> wanted(Configuration request) {
    return request.attributes().stream()
        .flatMap(AddressConfiguration::addresses)
        .limit(MOST)
        .toList();
  }

  /// {@return whether a request is for an address, and not for servers or a version alone}
  static boolean asksForAddress(Configuration request) {
    return request.cfgType() == Configuration.REQUEST && !wanted(request).isEmpty();
  }

  /// {@return a responder's answer: what the peer got, and of servers those it asks for}
  static Configuration reply(
      Configuration request, List<Ipv6Address> addresses, List<Ipv6Address> dns) {
    List<Attribute> attributes = new ArrayList<>();
    addresses.forEach(address -> attributes.add(address(address)));
    dns.stream()
        .filter(server -> asks(request, dnsType(server)))
        .forEach(server -> attributes.add(new Attribute(dnsType(server), octets(server))));
    if (asks(request, Attribute.APPLICATION_VERSION)) {
      attributes.add(version());
    }
    return new Configuration(Configuration.REPLY, attributes);
  }

  /// {@return what an initiator was given}
  static Assigned given(Configuration reply) {
    List<Ipv6Address> local =
        reply.attributes().stream()
            .flatMap(AddressConfiguration::addresses)
            .filter(address -> !InternalAddresses.isAny(address))
            .limit(MOST)
            .toList();
    List<Ipv6Address> dns =
        reply.attributes().stream()
            .filter(a -> a.type() == Attribute.IP6_DNS || a.type() == Attribute.IP4_DNS)
            .filter(a -> a.value().length() != 0)
            .map(a -> read(a.value().toArray()))
            .limit(MOST)
            .toList();
    return new Assigned(local, List.of(), dns);
  }

  /// {@return the answer to what comes once the IKE SA stands: questions get our version and no
  /// address, and nothing that the peer would set is accepted (RFC 7296 §3.15)}
  static Optional<Configuration> answer(Configuration request) {
    return switch (request.cfgType()) {
      case Configuration.REQUEST -> Optional.of(reply(request, List.of(), List.of()));
      case Configuration.SET -> Optional.of(new Configuration(Configuration.ACK, List.of()));
      default -> Optional.empty();
    };
  }

  private static boolean asks(Configuration request, int type) {
    return request.attributes().stream().anyMatch(a -> a.type() == type);
  }

  private static Attribute version() {
    return new Attribute(
        Attribute.APPLICATION_VERSION, Bytes.of("espd".getBytes(StandardCharsets.US_ASCII)));
  }

  private static int dnsType(Ipv6Address address) {
    return address.isIpv4() ? Attribute.IP4_DNS : Attribute.IP6_DNS;
  }

  private static Attribute address(Ipv6Address address) {
    boolean any = InternalAddresses.isAny(address);
    if (address.isIpv4()) {
      return new Attribute(Attribute.IP4_ADDRESS, any ? Bytes.EMPTY : octets(address));
    }
    byte[] withPrefix = Arrays.copyOf(address.octets(), Ipv6Address.OCTETS + 1);
    withPrefix[Ipv6Address.OCTETS] = (byte) HOST_PREFIX;
    return new Attribute(Attribute.IP6_ADDRESS, any ? Bytes.EMPTY : Bytes.of(withPrefix));
  }

  private static Stream<Ipv6Address> addresses(Attribute attribute) {
    byte[] value = attribute.value().toArray();
    return switch (attribute.type()) {
      case Attribute.IP6_ADDRESS ->
          Stream.of(value.length == 0 ? Ipv6Address.UNSPECIFIED : Ipv6Address.of(firstOf(value)));
      case Attribute.IP4_ADDRESS ->
          Stream.of(value.length == 0 ? InternalAddresses.ANY_IPV4 : read(value));
      default -> Stream.empty();
    };
  }

  private static byte[] firstOf(byte[] addressAndPrefix) {
    return Arrays.copyOf(addressAndPrefix, Ipv6Address.OCTETS);
  }

  /// {@return the octets of an address in its own family}
  private static Bytes octets(Ipv6Address address) {
    return address.isIpv4() ? Bytes.ofInt((int) address.low()) : Bytes.of(address.octets());
  }

  private static Ipv6Address read(byte[] octets) {
    return octets.length == Ipv6Address.OCTETS
        ? Ipv6Address.of(octets)
        : new Ipv6Address(
            0, InternalAddresses.ANY_IPV4.low() | Integer.toUnsignedLong(Bytes.of(octets).toInt()));
  }
}
