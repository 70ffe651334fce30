package espd.tun;

import espd.spd.Ipv6Address;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// The outer network by Linux's sockets: for each local address a raw one of protocol 50 and, where
/// asked for, one of UDP, received from and sent to in batches without an allocation.
///
/// A raw packet leaves by the socket of its source address; one of another source (traffic of other
/// hosts that bypasses ESP) by a socket that only sends. The host compares a raw packet with the
/// MTU of the link only, a datagram with the path's.
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

  private record Endpoint(Ipv6Address local, int port, int fd) {}

  /// Fixed part of the IPv6 header, and where its addresses stand (RFC 8200 §3).
  private static final int IPV6_HEADER = 40;

  private static final int IPV6_SOURCE = 8;
  private static final int IPV6_DESTINATION = 24;
  private static final int NO_SOCKET = -1;

  /// How many queued errors are taken at once.
  private static final int ERRORS = 8;

  private final Arena arena = Arena.ofShared();
  private final Closing closing;
  private final int sender;
  private final int[] fds;
  private final long[] localHigh;
  private final long[] localLow;
  private final int[] localPort;

  private final PollSet readable;
  private final MessageVector receiving = new MessageVector(arena, PacketBatch.CAPACITY);
  private final MessageVector errors = new MessageVector(arena, ERRORS);
  private int turn;

  private final PollSet writable;
  private final MessageVector sending = new MessageVector(arena, PacketBatch.CAPACITY);
  private final int[] slots = new int[PacketBatch.CAPACITY];
  private final int[] socketOf = new int[PacketBatch.CAPACITY];

  private final AtomicLong truncated = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  private LinuxUnderlay(Closing closing, int sender, List<Endpoint> endpoints) {
    this.closing = closing;
    this.sender = sender;
    this.fds = endpoints.stream().mapToInt(Endpoint::fd).toArray();
    this.localHigh = endpoints.stream().mapToLong(end -> end.local().high()).toArray();
    this.localLow = endpoints.stream().mapToLong(end -> end.local().low()).toArray();
    this.localPort = endpoints.stream().mapToInt(Endpoint::port).toArray();
    this.readable = new PollSet(arena, closing, Libc.POLLIN, fds);
    this.writable = new PollSet(arena, closing, Libc.POLLOUT, sender);
  }

  /// {@return the sockets, open}
  ///
  /// @throws HostException when a port is in use, an address is not the host's, or a capability is
  ///   missing, with what to do about it
  public static LinuxUnderlay open(Configuration configuration) throws HostException {
    int mark = configuration.mark();
    List<Endpoint> endpoints = new ArrayList<>();
    Closing closing = new Closing();
    try {
      for (Ipv6Address local : configuration.locals()) {
        endpoints.add(new Endpoint(local, 0, Sockets.esp(local, mark)));
        if (configuration.encapsulationPort().isPresent()) {
          int port = configuration.encapsulationPort().getAsInt();
          endpoints.add(new Endpoint(local, port, Sockets.encapsulation(local, port, mark)));
        }
      }
      return new LinuxUnderlay(closing, Sockets.sender(mark), endpoints);
    } catch (HostException e) {
      endpoints.forEach(endpoint -> Libc.close(endpoint.fd()));
      closing.close();
      throw e;
    }
  }

  @Override
  public int receive(PacketBatch batch, int timeoutMillis) throws IOException {
    if (!closing.enter()) {
      return -1;
    }
    try {
      long start = System.nanoTime();
      while (true) {
        boolean ready = readable.await(timeoutMillis, start);
        if (closing.isClosed()) {
          return -1;
        }
        int packets = ready ? receiveReady(batch) : 0;
        // Ready and yet nothing: a datagram with a wrong checksum, or an ICMPv6 error.
        if (packets > 0 || !ready || timeoutMillis == 0) {
          batch.count(packets);
          return packets;
        }
      }
    } finally {
      closing.leave();
    }
  }

  private int receiveReady(PacketBatch batch) throws IOException {
    int packets = 0;
    for (int i = 0; i < fds.length && packets < PacketBatch.CAPACITY; i++) {
      int socket = turn + i < fds.length ? turn + i : turn + i - fds.length;
      if (readable.ready(socket)) {
        packets += receive(socket, batch, packets);
      }
      if (readable.failed(socket)) {
        forgetErrors(fds[socket]);
      }
    }
    turn = turn + 1 < fds.length ? turn + 1 : 0;
    return packets;
  }

  /// {@return how many packets of one socket came into the batch from slot `first` on}
  private int receive(int socket, PacketBatch batch, int first) throws IOException {
    long memory = batch.memory().address();
    for (int slot = first; slot < PacketBatch.CAPACITY; slot++) {
      receiving.place(slot, memory + batch.home(slot), batch.maxPacketOctets());
      receiving.expectControl(slot);
    }
    int packets =
        Libc.recvmmsg(
            fds[socket],
            receiving.address(first),
            PacketBatch.CAPACITY - first,
            Libc.MSG_DONTWAIT,
            0);
    if (packets < 0) {
      throwWhenGone("receive packets");
      return 0;
    }
    for (int slot = first; slot < first + packets; slot++) {
      describe(batch, slot, socket);
    }
    return packets;
  }

  /// Empties a socket's queue of ICMPv6 errors: the host has learnt from them what it can (the path
  /// MTU), and while one is queued the socket counts as ready.
  private void forgetErrors(int fd) {
    int some;
    do {
      for (int i = 0; i < ERRORS; i++) {
        errors.expectControl(i);
      }
      some = Libc.recvmmsg(fd, errors.address(0), ERRORS, Libc.MSG_ERRQUEUE | Libc.MSG_DONTWAIT, 0);
    } while (some == ERRORS);
  }

  private void describe(PacketBatch batch, int slot, int socket) {
    boolean fits = !receiving.isTruncated(slot);
    if (!fits) {
      truncated.incrementAndGet();
    }
    batch.place(slot, batch.home(slot), fits ? receiving.received(slot) : 0);
    batch.localHigh[slot] = localHigh[socket];
    batch.localLow[slot] = localLow[socket];
    batch.localPort[slot] = localPort[socket];
    batch.remoteHigh[slot] = receiving.peerHigh(slot);
    batch.remoteLow[slot] = receiving.peerLow(slot);
    batch.remotePort[slot] = localPort[socket] == 0 ? 0 : receiving.peerPort(slot);
    batch.hopLimit[slot] = receiving.control(slot, Libc.IPV6_HOPLIMIT);
    batch.trafficClass[slot] = receiving.control(slot, Libc.IPV6_TCLASS);
  }

  /// What an ICMPv6 error or a shortage of the host says is over with the call; a descriptor that
  /// is none stays so.
  private static void throwWhenGone(String tried) throws IOException {
    switch (Libc.errno()) {
      case Libc.EBADF, Libc.ENOTSOCK, Libc.EFAULT ->
          throw HostException.because(tried, Libc.errno());
      default -> {}
    }
  }

  @Override
  public int send(PacketBatch batch) throws IOException {
    if (!closing.enter()) {
      throw new ClosedChannelException();
    }
    try {
      int messages = fill(batch);
      int sent = 0;
      for (int first = 0; first < messages; ) {
        int end = first + 1;
        while (end < messages && socketOf[end] == socketOf[first]) {
          end++;
        }
        sent += sendGroup(batch, first, end);
        first = end;
      }
      return sent;
    } finally {
      closing.leave();
    }
  }

  private int fill(PacketBatch batch) {
    int messages = 0;
    for (int slot = 0; slot < batch.count(); slot++) {
      if (batch.length(slot) == 0) {
        continue;
      }
      int socket =
          batch.localPort[slot] == 0
              ? fillRaw(batch, slot, messages)
              : fillDatagram(batch, slot, messages);
      if (socket == NO_SOCKET) {
        refuse(batch, slot);
        continue;
      }
      sending.place(messages, batch.memory().address() + batch.offset(slot), batch.length(slot));
      slots[messages] = slot;
      socketOf[messages] = socket;
      messages++;
    }
    return messages;
  }

  /// {@return the descriptor to send by, or [#NO_SOCKET]}
  private int fillRaw(PacketBatch batch, int slot, int message) {
    if (batch.length(slot) < IPV6_HEADER) {
      return NO_SOCKET;
    }
    MemorySegment memory = batch.memory();
    long at = batch.offset(slot);
    long destination = at + IPV6_DESTINATION;
    sending.peer(
        message,
        memory.get(Sockets.LONG_BE, destination),
        memory.get(Sockets.LONG_BE, destination + Long.BYTES),
        0);
    sending.noControl(message);
    int socket =
        socket(
            memory.get(Sockets.LONG_BE, at + IPV6_SOURCE),
            memory.get(Sockets.LONG_BE, at + IPV6_SOURCE + Long.BYTES),
            0);
    return socket == NO_SOCKET ? sender : socket;
  }

  private int fillDatagram(PacketBatch batch, int slot, int message) {
    sending.peer(message, batch.remoteHigh[slot], batch.remoteLow[slot], batch.remotePort[slot]);
    sending.control(message, Libc.IPV6_TCLASS, batch.trafficClass[slot]);
    return socket(batch.localHigh[slot], batch.localLow[slot], batch.localPort[slot]);
  }

  private int socket(long high, long low, int port) {
    for (int i = 0; i < fds.length; i++) {
      if (localLow[i] == low && localHigh[i] == high && localPort[i] == port) {
        return fds[i];
      }
    }
    return NO_SOCKET;
  }

  /// {@return how many of the messages, all of one socket, were sent}
  private int sendGroup(PacketBatch batch, int first, int end) throws IOException {
    int fd = socketOf[first];
    int sent = 0;
    int at = first;
    int triedAgain = -1;
    while (at < end) {
      int taken = Libc.sendmmsg(fd, sending.address(at), end - at, Libc.MSG_DONTWAIT);
      if (taken >= 0) {
        sent += taken;
        at += taken;
        continue;
      }
      switch (Libc.errno()) {
        case Libc.EINTR -> {}
        case Libc.EAGAIN -> {
          writable.fd(0, fd);
          awaitRoom(writable);
        }
        default -> {
          throwWhenGone("send packets");
          // The first failure may tell of an ICMPv6 error that an earlier packet met.
          if (triedAgain == at) {
            refuse(batch, slots[at++]);
          } else {
            triedAgain = at;
          }
        }
      }
    }
    return sent;
  }

  private void awaitRoom(PollSet room) throws IOException {
    room.await(-1, 0);
    if (closing.isClosed()) {
      throw new ClosedChannelException();
    }
  }

  private void refuse(PacketBatch batch, int slot) {
    batch.drop(slot);
    refused.incrementAndGet();
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
      int fd = port == 0 ? NO_SOCKET : socket(local.high(), local.low(), port);
      if (fd == NO_SOCKET) {
        throw new HostException("no socket of ours has UDP port " + port + " of " + local);
      }
      MessageVector message = new MessageVector(confined, 1);
      MemorySegment octets = confined.allocateFrom(ValueLayout.JAVA_BYTE, payload);
      message.place(0, octets.address(), payload.length);
      message.peer(0, remote, remotePort);
      message.control(0, Libc.IPV6_DONTFRAG, 0);
      PollSet room = new PollSet(confined, closing, Libc.POLLOUT, fd);
      while (Libc.sendmsg(fd, message.address(0), Libc.MSG_DONTWAIT) < 0) {
        switch (Libc.errno()) {
          case Libc.EINTR -> {}
          case Libc.EAGAIN -> awaitRoom(room);
          default -> throw HostException.because("send a datagram to " + remote, Libc.errno());
        }
      }
    } finally {
      closing.leave();
    }
  }

  @Override
  public long truncated() {
    return truncated.get();
  }

  /// {@return how many packets the host refused to send, since the start}
  public long refused() {
    return refused.get();
  }

  @Override
  public void close() {
    if (closing.close()) {
      for (int fd : fds) {
        Libc.close(fd);
      }
      Libc.close(sender);
      arena.close();
    }
  }
}
