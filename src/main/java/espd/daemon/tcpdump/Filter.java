package espd.daemon.tcpdump;

import espd.daemon.control.ListedSa;
import espd.spd.Ipv6Address;
import espd.spd.UdpEncapsulation;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Expressions of tcpdump's filter language for the SAs there are.
public final class Filter {

  private static final String IPSEC = "ip6 proto 50 or udp port 500 or udp port 4500";

  private Filter() {}

  /// {@return what passes between us and the peers of `sas`: ESP, raw, in UDP and in TCP, and IKE;
  /// without SAs, between us and anybody}. It holds beyond rekeying, and beyond another connection
  /// of TCP.
  public static String ofPeers(List<ListedSa> sas) {
    String hosts =
        sas.stream()
            .map(ListedSa::peer)
            .distinct()
            .sorted()
            .map(Ipv6Address::toString)
            .collect(Collectors.joining(" or ip6 host "));
    IntStream known = sas.stream().flatMapToInt(sa -> sa.streamPort().stream());
    String ipsec =
        IntStream.concat(IntStream.of(UdpEncapsulation.PORT), known.sorted())
            .distinct()
            .mapToObj(port -> " or tcp port " + port)
            .collect(Collectors.joining("", IPSEC, ""));
    return hosts.isEmpty() ? ipsec : "(ip6 host " + hosts + ") and (" + ipsec + ")";
  }

  /// {@return the packets of these SAs and no others}; of ESP packets that are cut none. Of what is
  /// in TCP it is all that the stream carries: where in a segment an ESP packet begins no filter
  /// can tell.
  ///
  /// @param sas at least one
  public static String ofSpis(List<ListedSa> sas) {
    Predicate<ListedSa> streamed = sa -> sa.streamPort().isPresent();
    List<ListedSa> packets = sas.stream().filter(streamed.negate()).toList();
    Stream<String> inPackets =
        packets.isEmpty()
            ? Stream.empty()
            : Stream.of(
                "(ip6 proto 50 and (" + spis(packets, 40) + "))",
                "(udp port 4500 and (" + spis(packets, 48) + "))");
    Stream<String> inStreams =
        sas.stream()
            .filter(streamed)
            .map(
                sa ->
                    "(ip6 host " + sa.peer() + " and tcp port " + sa.streamPort().getAsInt() + ")")
            .distinct()
            .sorted();
    return Stream.concat(inPackets, inStreams).collect(Collectors.joining(" or "));
  }

  private static String spis(List<ListedSa> sas, int at) {
    return sas.stream()
        .map(ListedSa::spiText)
        .distinct()
        .sorted()
        .map(spi -> "ip6[" + at + ":4] = " + spi)
        .collect(Collectors.joining(" or "));
  }
}
