package espd.daemon.config;

import espd.ike.Connection;
import espd.ike.crypto.ChildSuite;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.EspSuite;
import espd.spd.Mode;
import espd.spd.SaParameters;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How long a packet may be that the host gives to the TUN device, so that with ESP around it (RFC
/// 4303 §3.3.4) it still fits the path.
public final class TunnelMtu {

  /// What IPv6 asks of every link (RFC 8200 §5); with less the host turns IPv6 off on the device.
  public static final int LEAST = 1280;

  private static final int IPV6_HEADER = 40;
  private static final int UDP_HEADER = 8;

  private TunnelMtu() {}

  /// {@return the longest packet that fits under the most spacious algorithms of any connection and
  /// of any SA by hand, at least [#LEAST]}
  ///
  /// A NAT found on the way costs a UDP header (RFC 3948 §2.1), so its room is always kept where it
  /// may be found; an SA by hand says itself whether it goes in UDP.
  ///
  /// @param pathOctets the MTU of the outer path
  /// @param byHand the SAs that people have made
  public static int of(
      int pathOctets, List<Connection> connections, Collection<SaParameters> byHand) {
    IntStream negotiated =
        connections.stream()
            .flatMapToInt(
                connection ->
                    suites(connection.espProposals())
                        .mapToInt(
                            suite -> longest(pathOctets - UDP_HEADER, connection.mode(), suite)));
    IntStream made =
        byHand.stream()
            .mapToInt(
                sa ->
                    longest(
                        pathOctets - (sa.encapsulation().isPresent() ? UDP_HEADER : 0),
                        sa.mode(),
                        sa.suite()));
    return Math.max(LEAST, IntStream.concat(negotiated, made).min().orElse(pathOctets));
  }

  /// {@return how long an outer packet gets at the most around one of [#LEAST] octets, which every
  /// host may send (RFC 8200 §5): a path that takes less has it cut}
  ///
  /// @param connections whose algorithms count; none stands for a tunnel with the usual ones
  public static int around(List<Connection> connections) {
    if (connections.isEmpty()) {
      return Algorithm.espDefaults().stream()
          .map(transforms -> new Proposal(1, Proposal.ESP, Bytes.EMPTY, transforms))
          .flatMap(proposal -> suites(List.of(proposal)))
          .mapToInt(suite -> around(Mode.TUNNEL, suite))
          .max()
          .orElse(LEAST);
    }
    return connections.stream()
        .flatMapToInt(
            connection ->
                suites(connection.espProposals())
                    .mapToInt(suite -> around(connection.mode(), suite)))
        .max()
        .orElse(LEAST);
  }

  private static int around(Mode mode, EspSuite suite) {
    int payload =
        switch (mode) {
          case TUNNEL -> LEAST;
          case TRANSPORT -> LEAST - IPV6_HEADER;
        };
    return IPV6_HEADER + UDP_HEADER + suite.packetOctets(payload);
  }

  private static int longest(int pathOctets, Mode mode, EspSuite suite) {
    int payload = suite.payloadOctets(pathOctets - IPV6_HEADER);
    return switch (mode) {
      case TUNNEL -> payload;
      case TRANSPORT -> payload + IPV6_HEADER;
    };
  }

  /// Every suite that negotiation may choose: each cipher with each ICV it goes with.
  private static Stream<EspSuite> suites(List<Proposal> proposals) {
    return proposals.stream()
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
