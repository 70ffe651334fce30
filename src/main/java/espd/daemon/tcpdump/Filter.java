package espd.daemon.tcpdump;

import espd.daemon.control.ListedSa;
import espd.spd.Ipv6Address;
import java.util.List;
import java.util.stream.Collectors;

/// Expressions of tcpdump's filter language for the SAs there are.
public final class Filter {

  private static final String IPSEC = "ip6 proto 50 or udp port 500 or udp port 4500";

  private Filter() {}

  /// {@return what passes between us and the peers of `sas`: ESP, raw and in UDP, and IKE; without
  /// SAs, between us and anybody}. It holds beyond rekeying.
  public static String ofPeers(List<ListedSa> sas) {
    String hosts =
        sas.stream()
            .map(ListedSa::peer)
            .distinct()
            .sorted()
            .map(Ipv6Address::toString)
            .collect(Collectors.joining(" or ip6 host "));
    return hosts.isEmpty() ? IPSEC : "(ip6 host " + hosts + ") and (" + IPSEC + ")";
  }

  /// {@return the packets of these SAs and no others}; of ESP packets that are cut none
  ///
  /// @param sas at least one
  public static String ofSpis(List<ListedSa> sas) {
    String raw = spis(sas, 40);
    String inUdp = spis(sas, 48);
    return "(ip6 proto 50 and (" + raw + ")) or (udp port 4500 and (" + inUdp + "))";
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
