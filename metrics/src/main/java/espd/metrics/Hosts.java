package espd.metrics;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which hosts a request may be meant for, by its `Host` (RFC 9110 §7.2).
///
/// A stranger's web page can give its own name our address (*DNS rebinding*) and then read from a
/// viewer's browser what it gets from us; but its requests bear its name. An address cannot be
/// given away like that, nor can `localhost`.
///
/// @param name the name that was given as the one to listen at, in small letters
/// @param isLoopback whether only this host reaches us
record Hosts(String name, boolean isLoopback) {

  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|\\d{1,3}(?:\\.\\d{1,3}){3})|([A-Za-z0-9._-]+)");

  private static final Pattern PORT = Pattern.compile(":\\d{0,5}$");

  /// {@return those of a server that listens there}
  static Hosts of(InetSocketAddress address) {
    return new Hosts(
        address.getHostString().toLowerCase(Locale.ROOT), address.getAddress().isLoopbackAddress());
  }

  /// {@return whether a request with this `Host` may see anything}
  ///
  /// @param host an address or a name, with or without a port
  boolean include(String host) {
    Matcher matcher = HOST.matcher(PORT.matcher(host).replaceFirst(""));
    if (!matcher.matches()) {
      return false;
    }
    if (matcher.group(1) != null) {
      return true;
    }
    String called = matcher.group(2).toLowerCase(Locale.ROOT);
    return called.equals("localhost") || called.equals(name);
  }

  /// {@return whether a request with this `Host` may see the figures: who has us listen to the
  /// network has Prometheus call us by whatever name it likes}
  boolean includeForMetrics(String host) {
    return !isLoopback || include(host);
  }
}
