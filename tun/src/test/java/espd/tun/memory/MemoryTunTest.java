package espd.tun.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.tun.packet.PacketBatch;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MemoryTunTest {

  private final MemoryTun tun = new MemoryTun("espd0");
  private final PacketBatch batch = new PacketBatch();

  @AfterEach
  void close() {
    tun.close();
    batch.close();
  }

  @Test
  void givesWhatTheHostSendsAndTakesWhatIsWritten() throws Exception {
    for (int i = 0; i < 70; i++) {
      assertTrue(tun.inject(new byte[] {(byte) i, 9}));
    }
    assertEquals(PacketBatch.CAPACITY, tun.read(batch, 0));
    batch.drop(0);

    assertEquals(PacketBatch.CAPACITY - 1, tun.write(batch));

    assertArrayEquals(new byte[] {1, 9}, tun.take(Duration.ZERO).orElseThrow());
    assertEquals(6, tun.read(batch, -1));
    assertEquals(0, tun.read(batch, 10));
    assertEquals(0, batch.count());
  }

  @Test
  void isBounded() {
    for (int i = 0; i < MemoryTun.QUEUE; i++) {
      assertTrue(tun.inject(new byte[1]));
    }

    assertFalse(tun.inject(new byte[1]));
  }

  @Test
  void closeEndsAWaitingRead() throws Exception {
    CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> tun.read(batch, -1));
    Thread.sleep(50);
    assertFalse(read.isDone());

    tun.close();

    assertEquals(-1, read.get());
    assertEquals(Optional.empty(), tun.take(Duration.ofSeconds(5)));
    assertThrows(ClosedChannelException.class, () -> tun.write(batch));
  }
}
