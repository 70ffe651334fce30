package espd.daemon.racoon;

import espd.daemon.control.Section;
import java.util.Deque;
import java.util.Optional;

/// Which SAs a command of racoonctl means.
sealed interface SaOptions {

  /// ISAKMP SAs between two hosts.
  record Isakmp(String local, String remote) implements SaOptions {

    /// {@return whether an IKE SA, as vici lists it, is one of them}
    boolean names(Section ikeSa) {
      return ikeSa.text("local-host").orElse("").equals(local)
          && ikeSa.text("remote-host").orElse("").equals(remote);
    }
  }

  /// IPsec SAs for some packets, each end as vici writes it: `2001:db8::1/128[6/80]`.
  record Esp(String local, String remote) implements SaOptions {

    /// {@return whether a Child SA or a child, as vici lists it, is for these packets}
    boolean names(Section child) {
      return child.items("local-ts").contains(local) && child.items("remote-ts").contains(remote);
    }
  }

  /// {@return the child that makes such SAs, where a connection, as vici lists it, has one}
  default Optional<String> childOf(Section connection) {
    Section children = connection.section("children").orElse(Section.EMPTY);
    return children.nodes().keySet().stream()
        .filter(
            name ->
                switch (this) {
                  case Isakmp(String local, String remote) ->
                      connection.items("local_addrs").contains(local)
                          && connection.items("remote_addrs").contains(remote);
                  case Esp esp -> esp.names(children.section(name).orElse(Section.EMPTY));
                })
        .findFirst();
  }

  /// Reads `isakmp inet6 SRC DST` or `esp inet6 SRC/plen/port DST/plen/port PROTO`.
  ///
  /// @throws IllegalArgumentException when it is neither, with what it has to be
  static SaOptions of(Deque<String> words) {
    String protocol = next(words, "isakmp or esp");
    String family = next(words, "inet6 or inet");
    if (!family.equals("inet6") && !family.equals("inet")) {
      throw new IllegalArgumentException("no family " + family + ": inet6 or inet");
    }
    String source = next(words, "a source");
    String destination = next(words, "a destination");
    return switch (protocol) {
      case "isakmp" -> new Isakmp(source, destination);
      case "esp", "ipsec" -> {
        String upper = next(words, "an upper protocol: any, tcp, udp, icmp6 or a number");
        yield new Esp(end(source, upper), end(destination, upper));
      }
      default -> throw new IllegalArgumentException("no protocol " + protocol + ": isakmp or esp");
    };
  }

  private static String next(Deque<String> words, String expected) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("missing: " + expected);
    }
    return words.remove();
  }

  private static String end(String text, String upper) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not ADDRESS/PREFIXLENGTH/PORT: " + text);
    }
    String protocol =
        switch (upper) {
          case "any" -> "0";
          case "icmp" -> "1";
          case "tcp" -> "6";
          case "udp" -> "17";
          case "gre" -> "47";
          case "icmp6", "ipv6-icmp" -> "58";
          default -> upper;
        };
    String range = parts[0] + "/" + parts[1];
    String port = parts[2].equals("0") ? "" : "/" + parts[2];
    return protocol.equals("0") && port.isEmpty() ? range : range + "[" + protocol + port + "]";
  }
}
