package espd.tun;

import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The receiving half of [LinuxUnderlay]. One thread.
///
/// A socket gives many messages in one call, and one of UDP may stand for many datagrams (UDP_GRO).
/// They arrive in memory of their own and are copied into batches from there, for nobody knows how
/// long they are before they have come; what a batch does not take waits for the next.
final class Receiving {

  private static final int MESSAGES = PacketBatch.CAPACITY;

  /// No datagram and nothing behind an IPv6 header is longer (RFC 8200 §3).
  private static final int MESSAGE_OCTETS = 65_536;

  /// From one message to the next: an odd number of cache lines more, so that short messages do not
  /// all lie in the same sets of the processor's caches.
  private static final int MESSAGE_PLACE = MESSAGE_OCTETS + 25 * 64;

  /// How many queued errors are taken at once, and how much each may quote.
  private static final int ERRORS = 8;

  private static final int QUOTE_OCTETS = 256;

  /// `struct sock_extended_err`: errno, then origin, type, code and a pad of one octet each, info.
  private static final int ERROR_NUMBER = 0;

  private static final int ERROR_KIND = 4;

  private static final int ERROR_INFO = 8;

  /// Origin 3, type 2, code 0: ICMPv6 Packet Too Big (RFC 4443 §3.2), in little-endian order.
  private static final int PACKET_TOO_BIG = 2 << 8 | 3;

  /// Origin 1: the host itself, of what it was to send.
  private static final int OF_THE_HOST = 1;

  private final Endpoints endpoints;
  private final Closing closing;
  private final Wakeup changes;
  private final PollSet readable;
  private final PacketCalls calls;
  private final MemorySegment arrived;
  private final MessageVector vector;
  private final MemorySegment quotes;
  private final MessageVector errors;
  private volatile PathListener listener = (high, low, mtu, quote, begins) -> {};

  private final StreamArrivals streamed;

  /// Whether packets came through streams last. They may never pause: the sockets are next.
  private boolean socketsAreNext;

  private int turn;
  private int socket;
  private int messages;
  private int message;
  private int taken;

  Receiving(Arena arena, Endpoints endpoints, Closing closing) throws HostException {
    this.endpoints = endpoints;
    this.closing = closing;
    this.changes = new Wakeup(arena);
    this.streamed = new StreamArrivals(arena);
    this.readable = new PollSet(arena, closing, new PollSet.Room(Libc.POLLIN, Endpoints.MOST + 1));
    readable.add(changes.fd());
    followEndpoints();
    this.calls = new PacketCalls(arena);
    this.arrived = arena.allocate((long) MESSAGES * MESSAGE_PLACE, Long.BYTES);
    this.vector = new MessageVector(arena, MESSAGES);
    for (int i = 0; i < MESSAGES; i++) {
      vector.piece(i, arrived.address() + at(i), MESSAGE_OCTETS);
    }
    this.quotes = arena.allocate((long) ERRORS * QUOTE_OCTETS, Long.BYTES);
    this.errors = new MessageVector(arena, ERRORS);
    for (int i = 0; i < ERRORS; i++) {
      errors.piece(i, quotes.address() + (long) i * QUOTE_OCTETS, QUOTE_OCTETS);
    }
  }

  private static long at(int message) {
    return (long) message * MESSAGE_PLACE;
  }

  /// The endpoints are others. Any thread.
  void changed() {
    changes.wake();
  }

  /// A packet came through a stream. Any thread.
  ///
  /// @return whether there was room
  boolean streamed(StreamArrivals.Ends ends, ByteBuffer packet) {
    boolean taken = streamed.give(ends, packet);
    changes.wake();
    return taken;
  }

  /// The changes' place among the descriptors is the first, those of the endpoints follow.
  private void followEndpoints() {
    while (readable.own() <= endpoints.count()) {
      readable.add(endpoints.fd(readable.own() - 1));
    }
  }

  void close() {
    changes.close();
  }

  void follow(PathListener newListener) {
    listener = newListener;
  }

  /// As [Underlay#receive], for a caller whom the [Closing] has let in.
  int receive(PacketBatch batch, int timeoutMillis) throws IOException {
    batch.clear();
    long start = System.nanoTime();
    if (socketsAreNext && messages == 0 && readable.await(0, start)) {
      receiveReady();
    }
    while (true) {
      moveTo(batch);
      int ofSockets = batch.count();
      streamed.moveTo(batch);
      socketsAreNext = batch.count() > ofSockets;
      if (batch.count() > 0) {
        return batch.count();
      }
      boolean ready = readable.await(timeoutMillis, start);
      if (closing.isClosed()) {
        return -1;
      }
      if (ready) {
        receiveReady();
      }
      if (ready && readable.ready(0)) {
        changes.clear();
        followEndpoints();
        continue;
      }
      // Ready and yet nothing: a datagram with a wrong checksum, or an ICMPv6 error.
      if (messages == 0 && (!ready || timeoutMillis == 0)) {
        return 0;
      }
    }
  }

  /// Takes the messages of the next socket that has some: each has its turn.
  private void receiveReady() throws IOException {
    int count = readable.own() - 1;
    for (int i = 0; i < count; i++) {
      int candidate = (turn + i) % count;
      if (readable.failed(candidate + 1)) {
        takeErrors(candidate);
      }
      if (readable.ready(candidate + 1) && receiveFrom(candidate)) {
        turn = (candidate + 1) % count;
        return;
      }
    }
  }

  private boolean receiveFrom(int candidate) throws IOException {
    for (int i = 0; i < MESSAGES; i++) {
      vector.expectControl(i);
    }
    int received = calls.recvmmsg(endpoints.fd(candidate), vector.address(0), MESSAGES, 0);
    if (received < 0) {
      throwWhenGone("receive packets", -received);
      return false;
    }
    socket = candidate;
    messages = received;
    message = 0;
    taken = 0;
    return received > 0;
  }

  /// Moves packets into the batch, as many as are left and have room.
  private void moveTo(PacketBatch batch) {
    while (message < messages) {
      int octets = vector.received(message);
      int segment = vector.control(message, Libc.SOL_UDP, Libc.UDP_GRO);
      int packet = segment <= 0 ? octets - taken : Math.min(segment, octets - taken);
      int slot = batch.add(packet);
      if (slot == PacketBatch.FULL) {
        return;
      }
      MemorySegment.copy(arrived, at(message) + taken, batch.memory(), batch.offset(slot), packet);
      describe(batch, slot);
      taken += packet;
      if (taken >= octets) {
        message++;
        taken = 0;
      }
    }
    messages = 0;
    message = 0;
  }

  private void describe(PacketBatch batch, int slot) {
    int port = endpoints.localPort(socket);
    batch.localHigh[slot] = endpoints.localHigh(socket);
    batch.localLow[slot] = endpoints.localLow(socket);
    batch.localPort[slot] = port;
    batch.remoteHigh[slot] = vector.peerHigh(message);
    batch.remoteLow[slot] = vector.peerLow(message);
    batch.remotePort[slot] = port == 0 ? 0 : vector.peerPort(message);
    batch.hopLimit[slot] = said(Libc.IPV6_HOPLIMIT);
    batch.trafficClass[slot] = said(Libc.IPV6_TCLASS);
  }

  private int said(int type) {
    return Math.max(0, vector.control(message, Libc.IPPROTO_IPV6, type));
  }

  /// Empties a socket's queue of ICMPv6 errors: while one is queued the socket counts as ready. Of
  /// a path's MTU the host itself has learnt by then; which SA met it, only the quote says.
  private void takeErrors(int candidate) {
    int some;
    do {
      for (int i = 0; i < ERRORS; i++) {
        errors.expectControl(i);
      }
      some = calls.recvmmsg(endpoints.fd(candidate), errors.address(0), ERRORS, Libc.MSG_ERRQUEUE);
      for (int i = 0; i < some; i++) {
        tellError(i, endpoints.localPort(candidate) == 0 ? PathListener.IPV6 : PathListener.ESP);
      }
    } while (some == ERRORS);
  }

  private void tellError(int error, int begins) {
    int kind = extendedError(error, ERROR_KIND) & 0xff_ffff;
    if (kind == PACKET_TOO_BIG) {
      tellTooBig(error, begins);
    } else if (kind == OF_THE_HOST && extendedError(error, ERROR_NUMBER) == Libc.EMSGSIZE) {
      tellTooBig(error, PathListener.NOTHING);
    }
  }

  private int extendedError(int error, int offset) {
    return errors.control(error, Libc.IPPROTO_IPV6, Libc.IPV6_RECVERR, offset);
  }

  private void tellTooBig(int error, int begins) {
    long at = (long) error * QUOTE_OCTETS;
    listener.tooBig(
        errors.peerHigh(error),
        errors.peerLow(error),
        extendedError(error, ERROR_INFO),
        quotes.asSlice(at, errors.received(error)),
        begins);
  }

  /// What an ICMPv6 error or a shortage of the host says is over with the call; a descriptor that
  /// is none stays so.
  static void throwWhenGone(String tried, int errno) throws IOException {
    switch (errno) {
      case Libc.EBADF, Libc.ENOTSOCK, Libc.EFAULT -> throw HostException.because(tried, errno);
      default -> {}
    }
  }
}
