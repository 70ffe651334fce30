package espd.daemon;

import espd.ike.Connection;
import espd.ike.crypto.ChildSuite;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.EspSuite;
import espd.spd.Mode;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// How long a packet may be that the host gives to the TUN device, so that with ESP around it (RFC
/// 4303 §3.3.4) it still fits the path.
final class TunnelMtu {

  /// What IPv6 asks of every link (RFC 8200 §5); with less the host turns IPv6 off on the device.
  static final int LEAST = 1280;

  private static final int IPV6_HEADER = 40;
  private static final int UDP_HEADER = 8;

  private TunnelMtu() {}

  /// {@return the longest packet that fits under the most spacious algorithms of any connection, at
  /// least [#LEAST]}
  ///
  /// A NAT found on the way costs a UDP header (RFC 3948 §2.1), so its room is always kept.
  ///
  /// @param pathOctets the MTU of the outer path
  static int of(int pathOctets, List<Connection> connections) {
    OptionalInt longest =
        connections.stream()
            .flatMapToInt(
                connection ->
                    suites(connection)
                        .mapToInt(suite -> longest(pathOctets, connection.mode(), suite)))
            .min();
    return Math.max(LEAST, longest.orElse(pathOctets));
  }

  private static int longest(int pathOctets, Mode mode, EspSuite suite) {
    int payload = suite.payloadOctets(pathOctets - IPV6_HEADER - UDP_HEADER);
    return switch (mode) {
      case TUNNEL -> payload;
      case TRANSPORT -> payload + IPV6_HEADER;
    };
  }

  /// Every suite that negotiation may choose: each cipher with each ICV it goes with.
  private static Stream<EspSuite> suites(Connection connection) {
    return connection.espProposals().stream()
        .flatMap(
            proposal ->
                proposal.ofType(Transform.ENCR).stream().flatMap(encr -> suites(proposal, encr)));
  }

  private static Stream<EspSuite> suites(Proposal proposal, Transform encr) {
    List<Transform> integrities = proposal.ofType(Transform.INTEG);
    Stream<List<Transform>> choices =
        integrities.isEmpty()
            ? Stream.of(List.of(encr))
            : integrities.stream().map(integrity -> List.of(encr, integrity));
    return choices.map(
        transforms ->
            ChildSuite.from(new Proposal(1, Proposal.ESP, proposal.spi(), transforms)).suite());
  }
}
