package espd.daemon.setkey;

import espd.spd.Ipv6Address;
import espd.spd.SaParameters;

/// What names one SA in setkey's statements (RFC 4301 §4.1).
///
/// @param source where its packets come from
/// @param destination where they go
/// @param protocol its protocol
/// @param spi its SPI
public record SaName(Ipv6Address source, Ipv6Address destination, Protocol protocol, int spi) {

  @Override
  public String toString() {
    return source + " " + destination + " " + protocol + " " + SaParameters.spiText(spi);
  }
}
