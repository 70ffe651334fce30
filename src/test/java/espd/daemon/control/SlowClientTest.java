package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client of the control socket that does not read what it asked for.
@Timeout(60)
class SlowClientTest {

  private static final int LINES = 20_000;

  /// As many as a control socket has at a time.
  private static final int CLIENTS = 16;

  @TempDir Path folder;

  /// Says more than a socket holds, and then that it has.
  private static Operations talkative(CountDownLatch said) {
    return new FakeOperations(
        List.of(),
        progress -> {
          for (int i = 0; i < LINES; i++) {
            progress.accept("line " + i + " " + "of a long way ".repeat(10));
          }
          said.countDown();
        });
  }

  @Test
  void keepsNobodyWaitingAndLosesNothing() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    Path socket = folder.resolve("espd.ctl");
    try (ControlServer _ = ControlServer.open(socket, talkative(said));
        PacketChannel client =
            new PacketChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)))) {
      client.write(new Packet.EventRegister("control-log"));
      client.write(
          new Packet.CmdRequest("initiate", Section.builder().text("child", "p1-p2").build()));
      assertTrue(said.await(20, TimeUnit.SECONDS));
      assertEquals(Optional.of(new Packet.EventConfirm()), client.read());
      for (int i = 0; i < LINES; i++) {
        assertTrue(line(client).startsWith("line " + i + " "));
      }
      assertTrue(client.read().orElseThrow() instanceof Packet.CmdResponse);
    }
  }

  /// The places of those who have left are given to others, however long what they wanted goes on.
  @Test
  void whoHasLeftTakesNobodysPlace() throws Exception {
    BlockingQueue<Consumer<String>> begun = new LinkedBlockingQueue<>();
    CountDownLatch end = new CountDownLatch(1);
    FakeOperations endless =
        new FakeOperations(
            List.of(),
            progress -> {
              begun.add(progress);
              await(end);
            });
    Path socket = folder.resolve("espd.ctl");
    try (ControlServer _ = ControlServer.open(socket, endless)) {
      List<Consumer<String>> left = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        try (PacketChannel client =
            new PacketChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)))) {
          client.write(new Packet.EventRegister("control-log"));
          client.write(
              new Packet.CmdRequest("initiate", Section.builder().text("child", "p1-p2").build()));
          left.add(begun.take());
        }
      }
      left.forEach(each -> each.accept("retransmit 1 of request with message ID 0"));
      for (int i = 0; i < 500 && !answers(socket); i++) {
        Thread.sleep(10);
      }
      assertTrue(answers(socket));
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean answers(Path socket) {
    try (ControlClient client = ControlClient.connect(socket)) {
      return client.command("version", Section.EMPTY).text("daemon").isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private static String line(PacketChannel client) throws IOException {
    return client.read().orElseThrow() instanceof Packet.Event event
        ? event.message().text("msg").orElseThrow()
        : "no event";
  }
}
