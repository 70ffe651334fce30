package espd.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A socket to the kernel's configuration (RFC 3549), which changes much at once for the price of
/// two system calls, where a program of the host would have to be started. It belongs to the
/// network namespace of the thread that opened it, whichever uses it. Not for several threads at
/// once.
///
/// When the kernel has taken a request, it has done what is asked, and its answer is there to be
/// read: nothing here ever waits for it. To what asks for nothing it answers only when it refuses.
final class NetlinkSocket implements AutoCloseable {

  /// What the kernel says about a request that it does not fulfil.
  ///
  /// @param errno not 0
  /// @param words its own where it has some, else those of the C library
  record Refusal(int errno, String words) {

    /// {@return it as a failure, with what to do where that is known}
    ///
    /// @param tried what was tried, as it follows "cannot"
    HostException of(String tried) {
      HostException refused = new HostException("cannot " + tried + ": " + words);
      return errno == Libc.EPERM ? refused.mendedBy(HostException.NEEDS_NET_ADMIN) : refused;
    }
  }

  /// A message in answer to a request.
  ///
  /// @param payload what follows the header
  record Reply(int type, ByteBuffer payload) {}

  /// What a request brought.
  ///
  /// @param replies in their order
  /// @param refusal empty when it was fulfilled
  record Answer(List<Reply> replies, List<Refusal> refusal) {}

  /// `struct nlmsgerr` begins with the negated error number and the header of the request.
  private static final int ERROR_HEADER = Integer.BYTES + NetlinkMessage.HEADER;

  private static final int CAPPED = 0x100;
  private static final int EXPLAINED = 0x200;
  private static final int MESSAGE = 1;

  /// So many refusals find room in the socket until they are read.
  private static final int AT_ONCE = 100;

  private static final int SEND_OCTETS = 8 << 20;
  private static final int RECEIVE_OCTETS = 64 << 10;

  private final int fd;
  private int sequence;

  private NetlinkSocket(int fd) {
    this.fd = fd;
  }

  /// {@return a socket}
  ///
  /// @param protocol as [Libc#NETLINK_ROUTE]
  /// @param purpose as it follows "cannot"
  static NetlinkSocket open(int protocol, String purpose) throws HostException {
    int type = Libc.SOCK_RAW | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
    int fd = Libc.socket(Libc.AF_NETLINK, type, protocol);
    if (fd < 0) {
      throw HostException.because(purpose, Libc.errno());
    }
    // Where the kernel knows less, its refusals have fewer words, and dumps more than was asked
    // for.
    Sockets.setOption(fd, Libc.SOL_NETLINK, Libc.NETLINK_EXT_ACK, 1);
    Sockets.setOption(fd, Libc.SOL_NETLINK, Libc.NETLINK_CAP_ACK, 1);
    Sockets.setOption(fd, Libc.SOL_NETLINK, Libc.NETLINK_GET_STRICT_CHK, 1);
    Sockets.enlarge(fd, SEND_OCTETS, Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF);
    return new NetlinkSocket(fd);
  }

  /// Has the kernel fulfil requests in this order, the later ones also when it refuses an earlier
  /// one.
  ///
  /// @return the refusals, by the request's place in the list
  SortedMap<Integer, Refusal> each(List<NetlinkMessage> requests) throws HostException {
    SortedMap<Integer, Refusal> refusals = new TreeMap<>();
    for (int from = 0; from < requests.size(); from += AT_ONCE) {
      int to = Math.min(from + AT_ONCE, requests.size());
      int begin = from;
      together(requests.subList(from, to))
          .forEach((place, refusal) -> refusals.put(begin + place, refusal));
    }
    return refusals;
  }

  /// Has the kernel fulfil requests that it is given in one piece.
  ///
  /// @return the refusals, by the request's place in the list
  SortedMap<Integer, Refusal> together(List<NetlinkMessage> requests) throws HostException {
    SortedMap<Integer, Refusal> refusals = new TreeMap<>();
    int first = sequence;
    try (Arena arena = Arena.ofConfined()) {
      send(arena, requests);
      receive(
          arena,
          (place, reply) -> {
            if (reply.type == NetlinkMessage.ERROR && errno(reply) != 0) {
              refusals.put(place - first, refusal(reply));
            }
          });
    }
    return refusals;
  }

  /// Asks.
  NetlinkSocket.Answer ask(NetlinkMessage request) throws HostException {
    List<Reply> replies = new ArrayList<>();
    List<Refusal> refusal = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      send(arena, List.of(request));
      receive(
          arena,
          (place, reply) -> {
            boolean ends = reply.type == NetlinkMessage.ERROR || reply.type == NetlinkMessage.DONE;
            if (!ends) {
              replies.add(reply);
            } else if (errno(reply) != 0) {
              refusal.add(refusal(reply));
            }
          });
    }
    return new Answer(replies, refusal);
  }

  private void send(Arena arena, List<NetlinkMessage> requests) throws HostException {
    int octets = requests.stream().mapToInt(NetlinkMessage::length).sum();
    MemorySegment memory = arena.allocate(octets, Integer.BYTES);
    ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    requests.forEach(request -> request.writeTo(buffer, sequence++));
    if (Libc.write(fd, memory.address(), octets) < 0) {
      throw HostException.because("speak to the kernel", Libc.errno());
    }
  }

  private interface Receiver {
    /// @param sequence of the request
    void take(int sequence, Reply reply);
  }

  private void receive(Arena arena, Receiver receiver) throws HostException {
    MemorySegment memory = arena.allocate(RECEIVE_OCTETS, Integer.BYTES);
    while (true) {
      long octets = Libc.read(fd, memory.address(), RECEIVE_OCTETS);
      if (octets <= 0) {
        int errno = Libc.errno();
        if (octets < 0 && errno == Libc.EAGAIN) {
          return;
        }
        throw HostException.because("hear from the kernel", errno);
      }
      byte[] copy = memory.asSlice(0, octets).toArray(ValueLayout.JAVA_BYTE);
      ByteBuffer messages = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
      while (messages.remaining() >= NetlinkMessage.HEADER) {
        ByteBuffer message = take(messages);
        int type = Short.toUnsignedInt(message.getShort(4));
        receiver.take(message.getInt(8), new Reply(type, message.position(NetlinkMessage.HEADER)));
      }
    }
  }

  /// Takes one message off the front.
  private static ByteBuffer take(ByteBuffer messages) throws HostException {
    int length = messages.getInt(messages.position());
    if (length < NetlinkMessage.HEADER || length > messages.remaining()) {
      throw new HostException("the kernel speaks of " + length + " octets and sends others");
    }
    ByteBuffer message = messages.slice(messages.position(), length).order(messages.order());
    int aligned = Math.min((length + 3) & ~3, messages.remaining());
    messages.position(messages.position() + aligned);
    return message;
  }

  private static int errno(Reply reply) {
    ByteBuffer payload = reply.payload;
    return payload.remaining() < Integer.BYTES ? 0 : -payload.getInt(payload.position());
  }

  private static Refusal refusal(Reply reply) {
    int errno = errno(reply);
    ByteBuffer message = reply.payload;
    int flags = message.getShort(6);
    if ((flags & EXPLAINED) != 0) {
      int words = message.position() + (reply.type == NetlinkMessage.DONE ? 4 : ERROR_HEADER);
      if (reply.type == NetlinkMessage.ERROR && (flags & CAPPED) == 0) {
        words += message.getInt(message.position() + 4) - NetlinkMessage.HEADER;
      }
      if (words <= message.limit()) {
        Map<Integer, ByteBuffer> attributes =
            NetlinkMessage.attributes(message.duplicate().order(message.order()).position(words));
        ByteBuffer text = attributes.get(MESSAGE);
        if (text != null && text.remaining() > 1) {
          return new Refusal(errno, text(text));
        }
      }
    }
    return new Refusal(errno, Libc.strerror(errno));
  }

  private static String text(ByteBuffer text) {
    byte[] octets = new byte[text.remaining() - 1];
    text.get(octets);
    return new String(octets, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
