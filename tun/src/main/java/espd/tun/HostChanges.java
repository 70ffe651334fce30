package espd.tun;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells when an address of IPv6 or a link of this host comes, goes or changes, which the kernel
/// says of its own accord (RFC 3549 §3.1). What has changed is to be looked at: of many changes at
/// once one is told.
public final class HostChanges implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HostChanges.class);

  /// RTMGRP_LINK and RTMGRP_IPV6_IFADDR of rtnetlink(7).
  private static final int GROUPS = 0x1 | 0x100;

  /// `struct sockaddr_nl`: family, port, groups.
  private static final int SOCKADDR = 12;

  private static final int SOCKADDR_GROUPS = 8;
  private static final int OCTETS = 32 << 10;

  private final int fd;
  private final Closing closing;
  private final Thread thread;

  private HostChanges(int fd, Closing closing, Runnable changed) {
    this.fd = fd;
    this.closing = closing;
    this.thread =
        Thread.ofPlatform().name("host-changes").daemon().unstarted(() -> listen(changed));
  }

  /// Begins to tell.
  ///
  /// @param changed is told, on a thread of its own; returns at once
  /// @throws HostException when the host does not tell
  public static HostChanges follow(Runnable changed) throws HostException {
    String tried = "follow the addresses of the host";
    int type = Libc.SOCK_RAW | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
    int fd = Libc.socket(Libc.AF_NETLINK, type, Libc.NETLINK_ROUTE);
    if (fd < 0) {
      throw HostException.because(tried, Libc.errno());
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sockaddr = arena.allocate(SOCKADDR, Integer.BYTES);
      sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_NETLINK);
      sockaddr.set(ValueLayout.JAVA_INT, SOCKADDR_GROUPS, GROUPS);
      if (Libc.bind(fd, sockaddr.address(), SOCKADDR) != 0) {
        throw HostException.because(tried, Libc.errno());
      }
      HostChanges changes = new HostChanges(fd, new Closing(), changed);
      changes.thread.start();
      return changes;
    } catch (HostException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private void listen(Runnable changed) {
    try (Arena arena = Arena.ofConfined()) {
      PollSet told = new PollSet(arena, closing, Libc.POLLIN, fd);
      MemorySegment messages = arena.allocate(OCTETS, Integer.BYTES);
      while (closing.enter()) {
        try {
          told.await(-1, 0);
          // What overflows the socket is an error once, and has changed something as well.
          while (Libc.read(fd, messages.address(), OCTETS) > 0) {
            LOG.trace("the host has changed");
          }
        } finally {
          closing.leave();
        }
        if (!closing.isClosed()) {
          changed.run();
        }
      }
    } catch (IOException e) {
      LOG.warn("changes of the host are seen within a second only: {}", e.getMessage());
    }
  }

  /// Tells no more.
  @Override
  public void close() {
    if (closing.close()) {
      Libc.close(fd);
    }
  }
}
