package espd.daemon.tcpdump;

import espd.daemon.control.ListedSa;
import espd.spd.Direction;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a line of tcpdump says of a TCP segment: between whom it goes.
///
/// @param source of the segment
/// @param destination of the segment
record TcpLine(PrintedAddress source, PrintedAddress destination) {

  private static final Pattern TCP = Pattern.compile("(\\S+) > (\\S+): Flags \\[");

  /// {@return what a line says, or nothing when it is of no TCP segment, or has names for
  /// addresses}
  static Optional<TcpLine> of(String line) {
    Matcher tcp = TCP.matcher(line);
    return tcp.find()
        ? PrintedAddress.of(tcp.group(1))
            .flatMap(
                source ->
                    PrintedAddress.of(tcp.group(2))
                        .map(destination -> new TcpLine(source, destination)))
        : Optional.empty();
  }

  /// {@return whether an SA's packets go this way, in TCP, through what may be this stream: our
  /// port of it nobody knows}
  boolean mayCarry(ListedSa sa) {
    PrintedAddress peer = sa.direction() == Direction.OUTBOUND ? destination : source;
    return sa.streamPort().isPresent()
        && sa.streamPort().getAsInt() == peer.port()
        && sa.source().equals(source.address())
        && sa.destination().equals(destination.address());
  }
}
