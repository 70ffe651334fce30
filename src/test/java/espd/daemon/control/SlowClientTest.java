package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.Probe;
import espd.spd.Direction;
import espd.spd.Sa;
import espd.spd.SpdEntry;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client of the control socket that does not read what it asked for.
@Timeout(60)
class SlowClientTest {

  private static final int LINES = 20_000;

  @TempDir Path folder;

  /// Says more than a socket holds, and then that it has.
  private record Talkative(CountDownLatch said) implements Operations {

    @Override
    public Outcome initiate(String connection, Consumer<String> progress) {
      for (int i = 0; i < LINES; i++) {
        progress.accept("line " + i + " " + "of a long way ".repeat(10));
      }
      said.countDown();
      return Outcome.done("said");
    }

    @Override
    public Outcome terminate(String connection, Consumer<String> progress) {
      return Outcome.done("");
    }

    @Override
    public Snapshot status() {
      return Snapshots.established();
    }

    @Override
    public List<SpdEntry> spd() {
      return List.of();
    }

    @Override
    public List<Sa> sad() {
      return List.of();
    }

    @Override
    public Traced trace(Direction direction, Probe packet) {
      return new FakeOperations(List.of()).trace(direction, packet);
    }
  }

  @Test
  void keepsNobodyWaitingAndLosesNothing() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    Path socket = folder.resolve("espd.ctl");
    try (ControlServer _ = ControlServer.open(socket, new Talkative(said));
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

  private static String line(PacketChannel client) throws IOException {
    return client.read().orElseThrow() instanceof Packet.Event event
        ? event.message().text("msg").orElseThrow()
        : "no event";
  }
}
