package espd.metrics;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a server listens, as people write it: `HOST:PORT`, an IPv6 address in brackets (RFC 3986
/// §3.2.2). Without a host it is this host alone: `9500` and `:9500` are at its loopback address.
public final class ListenAddress {

  private static final Pattern HOST_PORT =
      Pattern.compile("(?:(?:\\[([0-9A-Fa-f:.]+)]|([^\\[\\]:]+))?:)?([0-9]{1,5})");

  private static final int LAST_PORT = 65535;

  private ListenAddress() {}

  /// {@return the address and port that `text` names; port 0 lets the host choose}
  ///
  /// @throws IllegalArgumentException says what was read and what was expected
  public static InetSocketAddress parse(String text) {
    Matcher matcher = HOST_PORT.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > LAST_PORT) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is no HOST:PORT such as 127.0.0.1:9500 or [::1]:9500, nor a port alone");
    }
    int port = Integer.parseInt(matcher.group(3));
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    if (host == null) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "\"" + host + "\" in \"" + text + "\" is no address and no name known here", e);
    }
  }
}
