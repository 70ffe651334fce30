package espd.daemon.tcpdump;

import espd.spd.Ipv6Address;
import espd.spd.SaParameters;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a line of tcpdump says of an ESP packet, raw or in UDP, with whatever its options `-e`,
/// `-t` and `-v` put around.
///
/// @param source of the packet; nothing where it was printed as a name
/// @param destination of the packet; nothing where it was printed as a name
/// @param spi of its SA
record EspLine(Optional<Ipv6Address> source, Optional<Ipv6Address> destination, int spi) {

  private static final Pattern ESP =
      Pattern.compile(
          "(?:(\\S+) > (\\S+): [^>]*?)?ESP\\(spi=0x(\\p{XDigit}{8}),seq=0x\\p{XDigit}+\\)");

  private static final int HEX = 16;

  /// {@return what a line says, or nothing when it is of no ESP packet}
  static Optional<EspLine> of(String line) {
    Matcher esp = ESP.matcher(line);
    if (!esp.find()) {
      return Optional.empty();
    }
    return Optional.of(
        new EspLine(
            address(esp.group(1)),
            address(esp.group(2)),
            Integer.parseUnsignedInt(esp.group(3), HEX)));
  }

  private static Optional<Ipv6Address> address(@Nullable String text) {
    return Optional.ofNullable(text).flatMap(PrintedAddress::of).map(PrintedAddress::address);
  }

  /// {@return the SPI as it is printed everywhere}
  String spiText() {
    return SaParameters.spiText(spi);
  }
}
