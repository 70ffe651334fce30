package espd.ike.net;

import espd.ike.Datagram;
import espd.spd.Ipv6Address;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/// What makes TCP connections for [TcpStreams]: the host ([EpollTcp]), or somebody in its place.
/// All that it tells, and all tasks, come on one thread.
public interface TcpNetwork extends AutoCloseable {

  /// A connection that a peer has begun.
  ///
  /// @param channel of the connection, open
  /// @param local our end's address
  /// @param remote the peer's end
  /// @param remotePort the peer's port
  record Accepted(Channel channel, Ipv6Address local, Ipv6Address remote, int remotePort) {}

  /// {@return a time that only goes on, in nanoseconds from anywhere}. Any thread.
  long nanoTime();

  /// Runs a task soon. Any thread.
  void execute(Runnable task);

  /// Runs a task after so long. Any thread.
  ///
  /// @return cancels it: nothing of it is kept then
  Runnable schedule(Duration delay, Runnable task);

  /// Accepts connections from now on.
  ///
  /// @param port the host chooses one for 0
  /// @param accepted is told each
  /// @return the port
  /// @throws IOException when the host refuses, in one line
  int listen(Ipv6Address local, int port, Consumer<Accepted> accepted) throws IOException;

  /// Connects.
  ///
  /// @param ends from the local address, whatever port, to the remote address and port
  /// @param handler is given what the connection brings
  /// @return done when it stands, or failed after some seconds at the latest
  ChannelFuture connect(Datagram ends, ChannelHandler handler);

  /// Closes all connections, and ends the thread.
  @Override
  void close();
}
