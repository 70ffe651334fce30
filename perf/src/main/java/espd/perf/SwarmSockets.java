package espd.perf;

import espd.ike.Datagram;
import espd.ike.driver.IkeTransport;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.function.Consumer;

/// The two ports of IKE, 500 and 4500, at one address, without what a data plane would do with the
/// second. Any thread sends.
final class SwarmSockets implements IkeTransport {

  private static final int MARKER_OCTETS = 4;
  private static final int BUFFER_OCTETS = 4 << 20;

  private final Ipv6Address local;
  private final DatagramChannel plain;
  private final DatagramChannel behindMarker;

  SwarmSockets(Ipv6Address local) throws IOException {
    this.local = local;
    this.plain = bound(Datagram.PORT);
    this.behindMarker = bound(Datagram.NAT_PORT);
  }

  private DatagramChannel bound(int port) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_OCTETS);
    return channel.bind(new InetSocketAddress(InetAddress.getByAddress(local.octets()), port));
  }

  /// Hands over what comes, from now on, each port from a thread of its own.
  void receive(Consumer<Datagram> receiver) {
    Thread.ofPlatform().daemon().start(() -> receive(plain, Datagram.PORT, receiver));
    Thread.ofPlatform().daemon().start(() -> receive(behindMarker, Datagram.NAT_PORT, receiver));
  }

  private void receive(DatagramChannel channel, int port, Consumer<Datagram> receiver) {
    ByteBuffer buffer = ByteBuffer.allocate(65_535);
    try {
      while (true) {
        buffer.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
        buffer.flip();
        int skip = port == Datagram.NAT_PORT ? MARKER_OCTETS : 0;
        if (buffer.limit() > skip && (skip == 0 || buffer.getInt(0) == 0)) {
          byte[] payload = Arrays.copyOfRange(buffer.array(), skip, buffer.limit());
          Ipv6Address remote = Ipv6Address.of(from.getAddress().getAddress());
          receiver.accept(new Datagram(local, port, remote, from.getPort(), payload));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(Datagram datagram) {
    boolean marked = datagram.localPort() == Datagram.NAT_PORT && !datagram.isKeepalive();
    ByteBuffer buffer = ByteBuffer.allocate(MARKER_OCTETS + datagram.payload().length);
    buffer.position(marked ? MARKER_OCTETS : 0).put(datagram.payload()).flip();
    try {
      InetAddress remote = InetAddress.getByAddress(datagram.remote().octets());
      DatagramChannel channel = datagram.localPort() == Datagram.NAT_PORT ? behindMarker : plain;
      channel.send(buffer, new InetSocketAddress(remote, datagram.remotePort()));
    } catch (IOException e) {
      // As on a wire: IKE sends again what matters.
    }
  }
}
