package espd.tun;

import espd.spd.Ipv6Address;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One TCP connection that carries random octets both ways at once.
///
/// @param octets each way
/// @param window of the receivers in octets, or 0 for what their hosts choose
record TcpTransfer(int octets, int window) {

  private static final int PORT = 5001;

  /// What arrived.
  ///
  /// @param sent the hashes of what was sent, of the client and of the server
  /// @param received the hashes of what was received by the other
  record Outcome(String sent, String received) {}

  /// {@return what `client` and `server` had of each other}
  ///
  /// @param address of the server
  Outcome run(Namespace client, Namespace server, Ipv6Address address) throws Exception {
    byte[] request = random(1);
    byte[] response = random(2);
    InetSocketAddress there = new InetSocketAddress(address.toInetAddress(), PORT);
    try (ServerSocketChannel listening = server.call(() -> listen(there));
        SocketChannel calling = client.call(() -> connect(there));
        SocketChannel called = listening.accept();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<String> atServer = threads.submit(receive(called));
      Future<String> atClient = threads.submit(receive(calling));
      Future<?> sending = threads.submit(send(calling, request));
      threads.submit(send(called, response)).get();
      sending.get();
      return new Outcome(
          hash(request) + ' ' + hash(response), atServer.get() + ' ' + atClient.get());
    }
  }

  private byte[] random(int seed) {
    byte[] random = new byte[octets];
    new Random(seed).nextBytes(random);
    return random;
  }

  private ServerSocketChannel listen(InetSocketAddress at) throws Exception {
    ServerSocketChannel channel = ServerSocketChannel.open();
    if (window > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, window);
    }
    return channel.bind(at);
  }

  private SocketChannel connect(InetSocketAddress to) throws Exception {
    SocketChannel channel = SocketChannel.open();
    if (window > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, window);
    }
    channel.connect(to);
    return channel;
  }

  private static Callable<String> send(SocketChannel channel, byte[] octets) {
    return () -> {
      ByteBuffer rest = ByteBuffer.wrap(octets);
      while (rest.hasRemaining()) {
        rest.limit(Math.min(octets.length, rest.position() + 200_000));
        channel.write(rest);
        rest.limit(octets.length);
      }
      channel.shutdownOutput();
      return "";
    };
  }

  private static Callable<String> receive(SocketChannel channel) {
    return () -> {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer some = ByteBuffer.allocate(1 << 18);
      while (channel.read(some) >= 0) {
        digest.update(some.flip());
        some.clear();
      }
      return HexFormat.of().formatHex(digest.digest());
    };
  }

  private static String hash(byte[] octets) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
  }
}
