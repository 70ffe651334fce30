package espd.tun;

import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;

/// The sending half of [LinuxUnderlay]. One thread.
///
/// A batch goes in one call for each run of packets of one socket. In UDP, packets of one length to
/// one peer are one message, which the host cuts when it must and not before (UDP_SEGMENT).
final class Sending {

  /// Fixed part of the IPv6 header, and where its addresses stand (RFC 8200 §3).
  private static final int IPV6_HEADER = 40;

  private static final int IPV6_SOURCE = 8;
  private static final int IPV6_DESTINATION = 24;

  /// The same of IPv4 (RFC 791 §3.1).
  private static final int IPV4_HEADER = 20;

  private static final int IPV4_DESTINATION = 16;

  /// The most octets of one message. With the headers of UDP, IPv6 and the link (at most as much as
  /// this leaves) they are below 65,536, Linux' `gso_max_size`: a longer one the host would cut
  /// itself, before any link that takes it whole, and carry each datagram by itself from there on.
  private static final int MAX_MESSAGE = 65_535 - 8 - IPV6_HEADER - 32;

  private final Endpoints endpoints;
  private final int rawSender;
  private final int ipv4Sender;
  private final Closing closing;
  private final PollSet writable;
  private final PacketCalls calls;
  private final MessageVector vector;

  // Of each message: the socket, and its packets' slots, from firstPiece on.
  private final int[] socketOf = new int[PacketBatch.CAPACITY];
  private final int[] firstPiece = new int[PacketBatch.CAPACITY + 1];
  private final int[] slotOf = new int[PacketBatch.CAPACITY];
  private volatile Streams streams = (number, packet) -> false;
  private int messages;
  private int pieces;
  private int messageOctets;
  private boolean segments = true;

  /// Raw sockets for packets of any source.
  ///
  /// @param ipv6 for packets of IPv6
  /// @param ipv4 for packets of IPv4
  record RawSenders(int ipv6, int ipv4) {

    void close() {
      Libc.close(ipv6);
      Libc.close(ipv4);
    }
  }

  Sending(Arena arena, Endpoints endpoints, RawSenders raw, Closing closing) {
    this.endpoints = endpoints;
    this.rawSender = raw.ipv6;
    this.ipv4Sender = raw.ipv4;
    this.closing = closing;
    this.writable = new PollSet(arena, closing, Libc.POLLOUT, rawSender);
    this.calls = new PacketCalls(arena);
    this.vector = new MessageVector(arena, PacketBatch.CAPACITY);
  }

  /// Packets go through these from now on.
  void through(Streams those) {
    streams = those;
  }

  /// As [Underlay#send], for a caller whom the [Closing] has let in.
  int send(PacketBatch batch) throws IOException {
    int sent = 0;
    messages = 0;
    pieces = 0;
    for (int slot = 0; slot < batch.count(); slot++) {
      if (batch.length(slot) == 0) {
        continue;
      }
      if (batch.localPort[slot] >= Streams.FIRST) {
        sent += stream(batch, slot);
      } else if (!joins(batch, slot)) {
        begin(batch, slot);
      }
    }
    firstPiece[messages] = pieces;
    for (int first = 0; first < messages; ) {
      int end = first + 1;
      while (end < messages && socketOf[end] == socketOf[first]) {
        end++;
      }
      sent += sendRun(batch, first, end);
      first = end;
    }
    return sent;
  }

  /// {@return how many packets a TCP stream has taken: 1, or 0 when it is dropped}
  private int stream(PacketBatch batch, int slot) {
    MemorySegment packet = batch.memory().asSlice(batch.offset(slot), batch.length(slot));
    if (streams.send(batch.localPort[slot], packet.asByteBuffer())) {
      return 1;
    }
    batch.drop(slot);
    return 0;
  }

  /// Adds a datagram to the last message where it can stand for one more.
  private boolean joins(PacketBatch batch, int slot) {
    if (!segments || messages == 0 || batch.localPort[slot] == 0 || batch.fragmentable[slot]) {
      return false;
    }
    int message = messages - 1;
    int first = slotOf[firstPiece[message]];
    int last = slotOf[pieces - 1];
    int octets = batch.length(slot);
    boolean joins =
        batch.length(last) == batch.length(first)
            && octets <= batch.length(first)
            && messageOctets + octets <= MAX_MESSAGE
            && isSameWay(batch, first, slot);
    if (joins) {
      addPiece(batch, slot);
    }
    return joins;
  }

  private static boolean isSameWay(PacketBatch batch, int one, int other) {
    return !batch.fragmentable[one]
        && batch.remoteLow[one] == batch.remoteLow[other]
        && batch.remoteHigh[one] == batch.remoteHigh[other]
        && batch.remotePort[one] == batch.remotePort[other]
        && batch.localLow[one] == batch.localLow[other]
        && batch.localHigh[one] == batch.localHigh[other]
        && batch.localPort[one] == batch.localPort[other]
        && batch.trafficClass[one] == batch.trafficClass[other];
  }

  private void begin(PacketBatch batch, int slot) {
    int socket = batch.localPort[slot] == 0 ? raw(batch, slot) : datagram(batch, slot);
    if (socket == Endpoints.NO_SOCKET) {
      batch.drop(slot);
      return;
    }
    socketOf[messages] = socket;
    firstPiece[messages] = pieces;
    messageOctets = 0;
    messages++;
    addPiece(batch, slot);
  }

  private void addPiece(PacketBatch batch, int slot) {
    vector.piece(pieces, batch.memory().address() + batch.offset(slot), batch.length(slot));
    messageOctets += batch.length(slot);
    slotOf[pieces++] = slot;
  }

  /// {@return the descriptor to send by, or [Endpoints#NO_SOCKET]}
  private int raw(PacketBatch batch, int slot) {
    MemorySegment memory = batch.memory();
    long at = batch.offset(slot);
    if (memory.get(ValueLayout.JAVA_BYTE, at) >> 4 == 4) {
      return rawIpv4(batch, slot);
    }
    if (batch.length(slot) < IPV6_HEADER) {
      return Endpoints.NO_SOCKET;
    }
    long destination = at + IPV6_DESTINATION;
    vector.peer(
        messages,
        memory.get(Sockets.LONG_BE, destination),
        memory.get(Sockets.LONG_BE, destination + Long.BYTES),
        0);
    vector.noControl(messages);
    int socket =
        endpoints.fd(
            memory.get(Sockets.LONG_BE, at + IPV6_SOURCE),
            memory.get(Sockets.LONG_BE, at + IPV6_SOURCE + Long.BYTES),
            0);
    return socket == Endpoints.NO_SOCKET ? rawSender : socket;
  }

  private int rawIpv4(PacketBatch batch, int slot) {
    if (batch.length(slot) < IPV4_HEADER) {
      return Endpoints.NO_SOCKET;
    }
    long destination = batch.offset(slot) + (long) IPV4_DESTINATION;
    vector.peerIpv4(messages, batch.memory().get(Sockets.INT_BE, destination));
    vector.noControl(messages);
    return ipv4Sender;
  }

  private int datagram(PacketBatch batch, int slot) {
    vector.peer(messages, batch.remoteHigh[slot], batch.remoteLow[slot], batch.remotePort[slot]);
    vector.noControl(messages);
    vector.addOption(messages, Libc.IPV6_TCLASS, batch.trafficClass[slot]);
    if (batch.fragmentable[slot]) {
      vector.addOption(messages, Libc.IPV6_DONTFRAG, 0);
    }
    return endpoints.fd(batch.localHigh[slot], batch.localLow[slot], batch.localPort[slot]);
  }

  /// {@return how many packets of the messages, all of one socket, were sent}
  private int sendRun(PacketBatch batch, int first, int end) throws IOException {
    for (int message = first; message < end; message++) {
      int count = packetsOf(message);
      vector.pieces(message, firstPiece[message], count);
      if (count > 1) {
        vector.addSegmentOctets(message, batch.length(slotOf[firstPiece[message]]));
      }
    }
    int fd = socketOf[first];
    int sent = 0;
    int at = first;
    int triedAgain = -1;
    while (at < end) {
      int taken = calls.sendmmsg(fd, vector.address(at), end - at);
      if (taken >= 0) {
        sent += firstPiece[at + taken] - firstPiece[at];
        at += taken;
        continue;
      }
      switch (-taken) {
        case Libc.EINTR -> {}
        case Libc.EAGAIN -> {
          writable.fd(0, fd);
          awaitRoom();
        }
        default -> {
          Receiving.throwWhenGone("send packets", -taken);
          // The first failure may tell of an ICMPv6 error that an earlier packet met.
          if (triedAgain == at) {
            sent += sendSingly(batch, at++, -taken);
          } else {
            triedAgain = at;
          }
        }
      }
    }
    return sent;
  }

  private int packetsOf(int message) {
    return firstPiece[message + 1] - firstPiece[message];
  }

  /// Sends the packets of a message that the host refused, each alone; those that it refuses again
  /// are dropped.
  ///
  /// @return how many were sent
  private int sendSingly(PacketBatch batch, int message, int errno) throws IOException {
    int count = packetsOf(message);
    if (count == 1) {
      batch.drop(slotOf[firstPiece[message]]);
      return 0;
    }
    int sent = 0;
    for (int piece = firstPiece[message]; piece < firstPiece[message + 1]; piece++) {
      int slot = slotOf[piece];
      vector.pieces(message, piece, 1);
      vector.noControl(message);
      vector.addOption(message, Libc.IPV6_TCLASS, batch.trafficClass[slot]);
      if (isSent(socketOf[message], message)) {
        sent++;
      } else {
        batch.drop(slot);
      }
    }
    // A host or a link that cannot cut datagrams says so once (udp(7)). Linux before 6.14 says
    // EINVAL also when a datagram is longer than the path's MTU; then the first does not go either.
    boolean firstWent = batch.length(slotOf[firstPiece[message]]) > 0;
    segments &= errno != Libc.EIO && (errno != Libc.EINVAL || !firstWent);
    return sent;
  }

  private boolean isSent(int fd, int message) throws IOException {
    int taken = calls.sendmmsg(fd, vector.address(message), 1);
    while (taken == -Libc.EINTR || taken == -Libc.EAGAIN) {
      writable.fd(0, fd);
      awaitRoom();
      taken = calls.sendmmsg(fd, vector.address(message), 1);
    }
    return taken == 1;
  }

  private void awaitRoom() throws IOException {
    writable.await(-1, 0);
    if (closing.isClosed()) {
      throw new ClosedChannelException();
    }
  }
}
