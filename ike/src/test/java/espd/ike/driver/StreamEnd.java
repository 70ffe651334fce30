package espd.ike.driver;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.net.TcpStreams;
import java.nio.ByteBuffer;
import java.util.List;

/// What an end is given by its streams.
///
/// @param esp the packets, and the number of the stream of each
record StreamEnd(Host host, List<byte[]> esp, List<Integer> numbers)
    implements TcpStreams.Receiver {

  @Override
  public void ikeMessage(Datagram datagram) {
    host.ike.receive(datagram);
  }

  @Override
  public void espPacket(Datagram ends, ByteBuffer packet) {
    byte[] octets = new byte[packet.remaining()];
    packet.get(octets);
    esp.add(octets);
    numbers.add(ends.localPort());
  }

  @Override
  public void refused(DropReason why) {
    host.dropped(why);
  }

  @Override
  public void broken(int localPort) {
    host.ike.streamBroken(localPort);
  }
}
