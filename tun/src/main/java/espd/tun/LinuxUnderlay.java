package espd.tun;

import espd.spd.Ipv6Address;
import espd.tun.Endpoints.Endpoint;
import espd.tun.Sending.RawSenders;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/// The outer network by Linux's sockets: for each local address a raw one of protocol 50 and, where
/// asked for, one of UDP, received from and sent to in batches without an allocation.
///
/// A raw packet leaves by the socket of its source address; one of another source (traffic of other
/// hosts that bypasses ESP, and all of IPv4) by a socket that only sends. The host refuses what is
/// longer than the path's MTU as far as it knows that one, and then tells of a raw packet as a
/// router would.
public final class LinuxUnderlay implements Underlay {

  /// Which sockets.
  ///
  /// @param locals addresses of this host
  /// @param encapsulationPort of ESP in UDP (RFC 3948), or nothing for raw ESP alone
  /// @param mark of [HostRouting]
  public record Configuration(Set<Ipv6Address> locals, OptionalInt encapsulationPort, int mark) {

    /// Copies the addresses.
    public Configuration {
      locals = Set.copyOf(locals);
    }
  }

  private final Arena arena = Arena.ofShared();
  private final Configuration configuration;
  private final Closing closing;
  private final Endpoints endpoints;
  private final RawSenders rawSenders;
  private final Receiving receiving;
  private final Sending sending;

  private LinuxUnderlay(
      Configuration configuration, Closing closing, RawSenders rawSenders, Endpoints endpoints)
      throws HostException {
    this.configuration = configuration;
    this.closing = closing;
    this.endpoints = endpoints;
    this.rawSenders = rawSenders;
    this.receiving = new Receiving(arena, endpoints, closing);
    this.sending = new Sending(arena, endpoints, rawSenders, closing);
  }

  /// {@return the sockets, open}
  ///
  /// @throws HostException when a port is in use, an address is not the host's, or a capability is
  ///   missing, with what to do about it
  public static LinuxUnderlay open(Configuration configuration) throws HostException {
    List<Endpoint> endpoints = new ArrayList<>();
    Closing closing = new Closing();
    try {
      for (Ipv6Address local : configuration.locals()) {
        endpoints.addAll(opened(local, configuration));
      }
      RawSenders rawSenders = rawSenders(configuration.mark());
      return new LinuxUnderlay(configuration, closing, rawSenders, new Endpoints(endpoints));
    } catch (HostException e) {
      endpoints.forEach(endpoint -> Libc.close(endpoint.fd()));
      closing.close();
      throw e;
    }
  }

  private static RawSenders rawSenders(int mark) throws HostException {
    int ipv6 = Sockets.sender(mark);
    try {
      return new RawSenders(ipv6, Sockets.senderOfIpv4(mark));
    } catch (HostException e) {
      Libc.close(ipv6);
      throw e;
    }
  }

  /// {@return the sockets of an address, the raw one first}
  private static List<Endpoint> opened(Ipv6Address local, Configuration configuration)
      throws HostException {
    int mark = configuration.mark();
    Endpoint raw = new Endpoint(local, 0, Sockets.esp(local, mark));
    if (configuration.encapsulationPort().isEmpty()) {
      return List.of(raw);
    }
    int port = configuration.encapsulationPort().getAsInt();
    try {
      return List.of(raw, new Endpoint(local, port, Sockets.encapsulation(local, port, mark)));
    } catch (HostException e) {
      Libc.close(raw.fd());
      throw e;
    }
  }

  /// {@return the addresses that it receives at}
  public Set<Ipv6Address> locals() {
    return endpoints.locals();
  }

  /// Receives at another address too, from now on, and sends from there. The sockets of one that
  /// the host has lost become those of the new one, as descriptors that others may be sending by;
  /// where there is none such there are more of them. Any thread.
  ///
  /// @param local an address of this host
  /// @param isHere whether the host still has an address
  /// @throws HostException when the host refuses, or there are too many
  public synchronized void listen(Ipv6Address local, Predicate<Ipv6Address> isHere)
      throws HostException {
    if (endpoints.locals().contains(local)) {
      return;
    }
    if (!closing.enter()) {
      throw new HostException("the sockets are closed");
    }
    try {
      Optional<Ipv6Address> lost = endpoints.locals().stream().filter(isHere.negate()).findFirst();
      List<Endpoint> fresh = opened(local, configuration);
      endpoints.become(lost.isPresent() ? inPlaceOf(lost.get(), fresh) : with(fresh));
      receiving.changed();
    } finally {
      closing.leave();
    }
  }

  private List<Endpoint> with(List<Endpoint> fresh) throws HostException {
    List<Endpoint> all = new ArrayList<>(endpoints.all());
    all.addAll(fresh);
    if (all.size() > Endpoints.MOST) {
      fresh.forEach(endpoint -> Libc.close(endpoint.fd()));
      throw new HostException("no more than " + Endpoints.MOST + " sockets can be open");
    }
    return all;
  }

  private List<Endpoint> inPlaceOf(Ipv6Address lost, List<Endpoint> fresh) {
    List<Endpoint> all = new ArrayList<>();
    for (Endpoint old : endpoints.all()) {
      Optional<Endpoint> instead =
          fresh.stream()
              .filter(f -> old.local().equals(lost) && f.port() == old.port())
              .findFirst();
      instead.ifPresent(
          f -> {
            Libc.dup3(f.fd(), old.fd(), Libc.O_CLOEXEC);
            Libc.close(f.fd());
          });
      all.add(instead.map(f -> new Endpoint(f.local(), f.port(), old.fd())).orElse(old));
    }
    return all;
  }

  /// Sends through these TCP streams from now on.
  public void through(Streams streams) {
    sending.through(streams);
  }

  /// Takes an ESP packet that came through a TCP stream, to be received as others are. Any thread.
  ///
  /// @param localPort the number of the stream
  /// @param packet read before this returns
  /// @return false when it is dropped, because too many wait
  /// @throws IOException when the sockets are closed
  public boolean streamed(
      Ipv6Address local, int localPort, Ipv6Address remote, int remotePort, ByteBuffer packet)
      throws IOException {
    if (!closing.enter()) {
      throw new ClosedChannelException();
    }
    try {
      return receiving.streamed(
          new StreamArrivals.Ends(local, localPort, remote, remotePort), packet);
    } finally {
      closing.leave();
    }
  }

  @Override
  public void follow(PathListener listener) {
    receiving.follow(listener);
  }

  @Override
  public int receive(PacketBatch batch, int timeoutMillis) throws IOException {
    if (!closing.enter()) {
      return -1;
    }
    try {
      return receiving.receive(batch, timeoutMillis);
    } finally {
      closing.leave();
    }
  }

  @Override
  public int send(PacketBatch batch) throws IOException {
    if (!closing.enter()) {
      throw new ClosedChannelException();
    }
    try {
      return sending.send(batch);
    } finally {
      closing.leave();
    }
  }

  /// {@inheritDoc} A datagram too long for the path is fragmented, unlike ESP.
  @Override
  public void sendDatagram(
      Ipv6Address local, int port, Ipv6Address remote, int remotePort, byte[] payload)
      throws IOException {
    if (!closing.enter()) {
      throw new ClosedChannelException();
    }
    try (Arena confined = Arena.ofConfined()) {
      int fd = port == 0 ? Endpoints.NO_SOCKET : endpoints.fd(local.high(), local.low(), port);
      if (fd == Endpoints.NO_SOCKET) {
        throw new HostException("no socket of ours has UDP port " + port + " of " + local);
      }
      MessageVector message = new MessageVector(confined, 1);
      MemorySegment octets = confined.allocateFrom(ValueLayout.JAVA_BYTE, payload);
      message.piece(0, octets.address(), payload.length);
      message.peer(0, remote.high(), remote.low(), remotePort);
      message.addOption(0, Libc.IPV6_DONTFRAG, 0);
      sendMessage(confined, fd, message, remote);
    } finally {
      closing.leave();
    }
  }

  private void sendMessage(Arena confined, int fd, MessageVector message, Ipv6Address remote)
      throws IOException {
    PacketCalls calls = new PacketCalls(confined);
    PollSet room = new PollSet(confined, closing, Libc.POLLOUT, fd);
    boolean triedAgain = false;
    for (int sent = 0; sent != 1; sent = calls.sendmmsg(fd, message.address(0), 1)) {
      switch (-sent) {
        case 0, Libc.EINTR -> {}
        case Libc.EAGAIN -> {
          room.await(-1, 0);
          if (closing.isClosed()) {
            throw new ClosedChannelException();
          }
        }
        default -> {
          // The first failure may tell of an ICMPv6 error that an earlier packet met.
          if (triedAgain) {
            throw HostException.because("send a datagram to " + remote, -sent);
          }
          triedAgain = true;
        }
      }
    }
  }

  @Override
  public void close() {
    if (closing.close()) {
      for (int i = 0; i < endpoints.count(); i++) {
        Libc.close(endpoints.fd(i));
      }
      rawSenders.close();
      receiving.close();
      arena.close();
    }
  }
}
