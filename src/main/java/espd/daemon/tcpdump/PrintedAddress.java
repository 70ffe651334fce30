package espd.daemon.tcpdump;

import espd.spd.Ipv6Address;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An address as tcpdump prints it, with a port behind a dot or without.
///
/// @param address of IPv6 or of IPv4
/// @param port 0 where there is none
record PrintedAddress(Ipv6Address address, int port) {

  private static final Pattern IPV4 = Pattern.compile("(\\d+(?:\\.\\d+){3})(?:\\.(\\d{1,5}))?");
  private static final Pattern IPV6 = Pattern.compile("([0-9a-f]*:[0-9a-f:]*)(?:\\.(\\d{1,5}))?");

  /// {@return what `text` names, or nothing where it is a name}
  static Optional<PrintedAddress> of(String text) {
    Matcher ipv4 = IPV4.matcher(text);
    Matcher ipv6 = IPV6.matcher(text);
    try {
      if (ipv4.matches()) {
        return Optional.of(new PrintedAddress(Ipv6Address.parseIpv4(ipv4.group(1)), port(ipv4)));
      }
      return ipv6.matches()
          ? Optional.of(new PrintedAddress(Ipv6Address.parse(ipv6.group(1)), port(ipv6)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int port(Matcher text) {
    return text.group(2) == null ? 0 : Integer.parseInt(text.group(2));
  }
}
