package espd.tun;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A fresh network namespace that one thread lives in: what runs through [#call] and the programs
/// it starts see this host only. It is gone with its thread and the last of its sockets.
final class Namespace implements AutoCloseable {

  private static final int CLONE_NEWNET = 0x40000000;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  private static final class Calls {
    static {
      Native.register(Calls.class, NativeLibrary.getInstance("c"));
    }

    static native int unshare(int flags);

    static native int gettid();

    static native int capset(long header, long data);
  }

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final int threadId;

  Namespace() throws Exception {
    this.threadId =
        thread
            .submit(
                () -> {
                  if (Calls.unshare(CLONE_NEWNET) != 0) {
                    throw new IllegalStateException(
                        "these tests need root: no network namespace can be made");
                  }
                  return Calls.gettid();
                })
            .get();
    ip("link set lo up");
  }

  /// One end of a link.
  ///
  /// @param address with its prefix length
  record End(Namespace host, String device, String address) {

    private void configure() throws Exception {
      while (!host.ip("link show dev " + device).contains("state UP")) {
        Thread.sleep(10);
      }
      host.address(address, device);
    }
  }

  /// Joins two hosts by a link `eth0` of 1500 octets.
  static void join(Namespace a, String addressA, Namespace b, String addressB) throws Exception {
    join(new End(a, "eth0", addressA), new End(b, "eth0", addressB));
  }

  /// Joins two hosts by a link of 1500 octets.
  static void join(End a, End b) throws Exception {
    a.host.ip(
        String.format(
            "link add %s type veth peer name %s netns %d", a.device, b.device, b.host.threadId));
    a.host.ip("link set " + a.device + " up");
    b.host.ip("link set " + b.device + " up");
    // Until both ends see each other, what is sent is lost.
    a.configure();
    b.configure();
    a.host.run("ping -6 -c 1 -W 5 " + b.address.substring(0, b.address.indexOf('/')));
  }

  /// Gives an interface that is up an address, and returns when packets to it are received.
  ///
  /// @param address with its prefix length
  void address(String address, String device) throws Exception {
    ip("addr add " + address + " dev " + device + " nodad");
    String alone = address.substring(0, address.indexOf('/'));
    while (!ip("route show table local").contains(" " + alone + " dev")) {
      Thread.sleep(10);
    }
  }

  /// {@return what `task` gives, run in the namespace}
  <T> T call(Callable<T> task) throws Exception {
    try {
      return thread.submit(task).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /// {@return what `task` gives, run in the namespace without any capability}
  <T> T powerless(Callable<T> task) throws Exception {
    return call(
        () -> {
          capabilities(0);
          return task.call();
        });
  }

  private static void capabilities(int all) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocateFrom(ValueLayout.JAVA_INT, CAPABILITY_VERSION_3, 0);
      MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_INT, all, all, 0, all, all, 0);
      if (Calls.capset(header.address(), data.address()) != 0) {
        throw new IllegalStateException("capset: " + Native.getLastError());
      }
    }
  }

  /// {@return what `ip -6 WORDS` prints}
  ///
  /// @throws IllegalStateException when it fails
  String ip(String words) throws Exception {
    return run("ip -6 -N " + words);
  }

  /// {@return what a program prints, with its errors}
  ///
  /// @throws IllegalStateException when it fails
  String run(String command) throws Exception {
    return call(() -> runHere(command));
  }

  static String runHere(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command.split(" ", -1)).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + ": " + words);
    }
    return words;
  }

  @Override
  public void close() {
    thread.close();
  }
}
