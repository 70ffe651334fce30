package espd.daemon.control;

import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.UdpEncapsulation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// An SA as the command `espd-sas` lists it: what is seen of it on the wire, and its numbers of
/// now. Nothing secret.
///
/// @param spi on the wire
/// @param connection its name
/// @param direction inbound or outbound
/// @param mode transport or tunnel
/// @param encapsulation in what it is sent, if not in packets of its own
/// @param suite its algorithms, as strongSwan prints them
/// @param source of its packets on the wire
/// @param destination of its packets on the wire
/// @param sequence the last number sent, or the highest accepted; of 64 bits with ESN
/// @param ageSeconds since it was made
public record ListedSa(
    int spi,
    String connection,
    Direction direction,
    Mode mode,
    Optional<UdpEncapsulation> encapsulation,
    String suite,
    Ipv6Address source,
    Ipv6Address destination,
    long sequence,
    long ageSeconds) {

  private static final int HEX = 16;

  /// {@return an SA as it is now}
  static ListedSa of(Sa sa, Instant now) {
    SaParameters parameters = sa.parameters();
    boolean out = sa.direction() == Direction.OUTBOUND;
    return new ListedSa(
        sa.spi(),
        parameters.connection(),
        sa.direction(),
        parameters.mode(),
        parameters.encapsulation(),
        parameters.suite().toString(),
        out ? parameters.local() : parameters.remote(),
        out ? parameters.remote() : parameters.local(),
        sa.sequence(),
        Math.max(0, Duration.between(parameters.created(), now).toSeconds()));
  }

  /// {@return the peer's address}
  public Ipv6Address peer() {
    return direction == Direction.OUTBOUND ? destination : source;
  }

  /// {@return the peer's port of the TCP stream that it is in, if it is in one}
  public OptionalInt streamPort() {
    return encapsulation.filter(UdpEncapsulation::isStream).stream()
        .mapToInt(UdpEncapsulation::remotePort)
        .findFirst();
  }

  /// {@return the SPI as it is printed everywhere}
  public String spiText() {
    return SaParameters.spiText(spi);
  }

  Section section() {
    Section.Builder section = Section.builder();
    encapsulation.ifPresent(
        in -> section.text("local-port", in.localPort()).text("remote-port", in.remotePort()));
    return section
        .text("spi", Integer.toHexString(spi))
        .text("connection", connection)
        .text("direction", direction)
        .text("mode", mode)
        .text("suite", suite)
        .text("source", source)
        .text("destination", destination)
        .text("sequence", Long.toHexString(sequence))
        .text("age", ageSeconds)
        .build();
  }

  /// {@return the SA that an event tells of}
  ///
  /// @throws MalformedPacketException when it tells of none
  public static ListedSa from(Section event) throws MalformedPacketException {
    try {
      return new ListedSa(
          Integer.parseUnsignedInt(text(event, "spi"), HEX),
          text(event, "connection"),
          Direction.valueOf(text(event, "direction")),
          Mode.valueOf(text(event, "mode")),
          encapsulation(event),
          text(event, "suite"),
          Ipv6Address.parse(text(event, "source")),
          Ipv6Address.parse(text(event, "destination")),
          Long.parseUnsignedLong(text(event, "sequence"), HEX),
          Long.parseLong(text(event, "age")));
    } catch (IllegalArgumentException e) {
      throw new MalformedPacketException("no SA: " + e.getMessage());
    }
  }

  private static Optional<UdpEncapsulation> encapsulation(Section event) {
    return event
        .text("local-port")
        .map(
            port ->
                new UdpEncapsulation(
                    Integer.parseInt(port), Integer.parseInt(text(event, "remote-port"))));
  }

  private static String text(Section event, String name) {
    return event.text(name).orElseThrow(() -> new IllegalArgumentException("without " + name));
  }
}
