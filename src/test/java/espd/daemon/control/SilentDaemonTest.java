package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.ControlClient.Patience;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A daemon that hangs: it takes connections, and does not answer, or stops in the midst.
@Timeout(30)
class SilentDaemonTest {

  private static final Patience SHORT =
      new Patience(Duration.ofMillis(100), Duration.ofMillis(600));

  @TempDir private Path folder = Path.of("");
  private ServerSocketChannel listening;
  private ControlClient client;
  private PacketChannel daemon;

  @BeforeEach
  void connect() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("espd.ctl"));
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    client = ControlClient.connect(folder.resolve("espd.ctl"), SHORT);
    daemon = new PacketChannel(listening.accept());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    daemon.close();
    listening.close();
  }

  private static void assertTold(IOException silence) {
    String told = String.valueOf(silence.getMessage());
    assertTrue(told.startsWith("the daemon says nothing for 0 s and may hang; see its log"), told);
    assertTrue(told.contains("systemctl restart espd"), told);
  }

  @Test
  void isToldOfAfterAWhile() {
    assertTold(assertThrows(IOException.class, () -> client.command("version", Section.EMPTY)));
  }

  @Test
  void isToldOfWhenItStopsInTheMidst() throws IOException {
    Thread answering =
        Thread.startVirtualThread(
            () -> {
              try {
                for (int i = 0; i < 10; i++) {
                  daemon.write(new Packet.Event("espd-row", Section.EMPTY));
                  Thread.sleep(50);
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    long begun = System.nanoTime();
    assertTold(assertThrows(IOException.class, () -> client.command("version", Section.EMPTY)));
    assertTrue(System.nanoTime() - begun > 500_000_000, "events are signs of life");
    assertTrue(!answering.isAlive());
  }

  /// A peer may let us wait longer than the daemon may.
  @Test
  void hasLongerWhereItWaitsForAPeer() throws IOException {
    Thread.startVirtualThread(
        () -> {
          try {
            Thread.sleep(300);
            daemon.write(new Packet.CmdResponse(ViciAnswers.SUCCESS));
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Section answer = client.command("initiate", Section.EMPTY);
    assertEquals(Optional.of("yes"), answer.text("success"));
  }

  /// What a client sends has to be taken, too: more than the host holds in between.
  @Test
  void isToldOfWhenItDoesNotRead() {
    Section.Builder large = Section.builder();
    for (int i = 0; i < 8; i++) {
      large.text("text" + i, "x".repeat(60_000));
    }
    assertTold(assertThrows(IOException.class, () -> client.command("version", large.build())));
  }

  /// Who waits is told so, however far it was in waiting.
  @RepeatedTest(20)
  void mayBeLeftByAnotherThread() throws Exception {
    var waiting =
        CompletableFuture.runAsync(
            () ->
                assertThrows(
                    ClosedChannelException.class, () -> client.command("version", Section.EMPTY)));
    Thread.sleep(ThreadLocalRandom.current().nextInt(10));
    client.close();
    waiting.join();
  }
}
