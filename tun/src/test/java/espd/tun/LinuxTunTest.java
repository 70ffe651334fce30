package espd.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LinuxTunTest {

  private static final String NAME = "espdt0";
  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2::2");

  private Namespace host;
  private LinuxTun tun;
  private PacketBatch batch;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/net/tun")), "this host has no /dev/net/tun");
    host = new Namespace();
    tun = host.call(() -> LinuxTun.open(NAME, 1400));
    batch = new PacketBatch();
    host.address("2001:db8:1::1/128", "lo");
    host.ip("route add 2001:db8:2::/64 dev " + NAME + " src 2001:db8:1::1");
  }

  @AfterEach
  void close() {
    if (host != null) {
      tun.close();
      host.close();
      batch.close();
    }
  }

  @Test
  void isUpWithItsMtuAndNoAddress() throws Exception {
    String link = host.ip("link show dev " + NAME);

    assertTrue(link.contains("mtu 1400") && link.contains("UP"), link);
    assertEquals("", host.ip("addr show dev " + NAME));
  }

  @Test
  void carriesThePingsOfTheHostBothWays() throws Exception {
    CompletableFuture<Integer> answered = CompletableFuture.supplyAsync(() -> answerPings(3));

    String words = host.run("ping -6 -c 3 -i 0.1 -W 2 2001:db8:2::2");

    assertTrue(words.contains("3 received"), words);
    assertEquals(3, answered.get());
  }

  private int answerPings(int wanted) {
    try {
      int answered = 0;
      while (answered < wanted && tun.read(batch, 5000) > 0) {
        for (int slot = 0; slot < batch.count(); slot++) {
          answer(slot);
        }
        answered += tun.write(batch);
      }
      return answered;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Turns an echo request into its reply (RFC 4443 §4.2).
  private void answer(int slot) {
    ByteBuffer packet = batch.memory().asByteBuffer().slice(batch.offset(slot), batch.length(slot));
    Ipv6Address source = new Ipv6Address(packet.getLong(8), packet.getLong(16));
    packet.putLong(8, packet.getLong(24)).putLong(16, packet.getLong(32));
    packet.putLong(24, source.high()).putLong(32, source.low());
    assertEquals((byte) 128, packet.get(40));
    packet.put(40, (byte) 129);
    int sum = Short.toUnsignedInt(packet.getShort(42)) - 0x100;
    packet.putShort(42, (short) (sum < 0 ? sum - 1 : sum));
  }

  @Test
  void readsWhatWaitsInOneBatch() throws Exception {
    host.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            for (int octets = 1; octets <= 70; octets++) {
              socket.send(new DatagramPacket(new byte[octets], octets, THERE.toInetAddress(), 9));
            }
          }
          return tun;
        });

    assertEquals(PacketBatch.CAPACITY, tun.read(batch, 1000));
    assertEquals(40 + 8 + 64, batch.length(63));
    assertEquals(6, tun.read(batch, 1000));
    assertEquals(40 + 8 + 70, batch.length(5));
    assertEquals(0, tun.read(batch, 0));
  }

  @Test
  void refusesOnlyTheMalformedPacket() throws Exception {
    byte[] fine = Batches.ipv6(THERE, HERE, 59, new byte[0]);
    Batches.add(batch, fine);
    Batches.add(batch, new byte[] {(byte) 0xff, 1, 2, 3});
    Batches.add(batch, fine);
    batch.drop(Batches.add(batch, fine));

    assertEquals(2, tun.write(batch));
  }

  @Test
  void refusesAllPacketsWhileDown() throws Exception {
    host.ip("link set dev " + NAME + " down");
    Batches.add(batch, Batches.ipv6(THERE, HERE, 59, new byte[0]));

    assertEquals(0, tun.write(batch));
    assertEquals(0, tun.read(batch, 50));
  }

  @Test
  void saysThatTheDeviceWasRemovedByOthers() throws Exception {
    host.ip("link del dev " + NAME);
    Batches.add(batch, Batches.ipv6(THERE, HERE, 59, new byte[0]));

    assertThrows(HostException.class, () -> tun.write(batch));
    assertThrows(HostException.class, () -> tun.read(batch, 1000));
  }

  @Test
  void changesItsMtu() throws Exception {
    host.call(
        () -> {
          tun.mtu(1300);
          return tun;
        });

    assertEquals(1300, tun.mtu());
    assertTrue(host.ip("link show dev " + NAME).contains("mtu 1300"));
  }

  @Test
  void closeEndsAWaitingReadAndRemovesTheDevice() throws Exception {
    CompletableFuture<Integer> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return tun.read(batch, -1);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    Thread.sleep(100);
    assertFalse(read.isDone());
    long start = System.nanoTime();

    tun.close();

    assertEquals(-1, read.get());
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 1000);
    assertEquals(-1, tun.read(batch, -1));
    assertThrows(ClosedChannelException.class, () -> tun.write(batch));
    assertThrows(IllegalStateException.class, () -> host.ip("link show dev " + NAME));
  }

  @Test
  void waitsWithoutUsingTheCpu() throws Exception {
    tun.read(batch, 100);
    long cpu = Batches.cpuNanos();
    long start = System.nanoTime();

    assertEquals(0, tun.read(batch, 600));

    assertTrue(System.nanoTime() - start >= 599_000_000);
    assertTrue(Batches.cpuNanos() - cpu < 20_000_000, "used the CPU while it waited");
  }

  @Test
  void allocatesNothing() throws Exception {
    byte[] fine = Batches.ipv6(THERE, HERE, 59, new byte[100]);
    for (int i = 0; i < 16; i++) {
      Batches.add(batch, fine);
    }
    try (PacketBatch other = new PacketBatch()) {
      // a writev for each of sixteen packets, a read and a poll
      Batches.assertAllocatesNothing(
          18,
          () -> {
            tun.write(batch);
            tun.read(other, 0);
          });
    }
  }

  @Test
  void readsRawPacketsOfAnySourceWithTheHeaderAsGiven() throws Exception {
    Ipv6Address behindUs = Ipv6Address.parse("2001:db8:5::5");
    byte[] own = Batches.ipv6(HERE, THERE, 50, new byte[] {1, 2, 3});
    byte[] bypassing = Batches.ipv6(behindUs, THERE, 17, new byte[] {4, 5, 6});
    LinuxUnderlay.Configuration raw =
        new LinuxUnderlay.Configuration(Set.of(HERE), OptionalInt.empty(), 4303);
    try (LinuxUnderlay underlay = host.call(() -> LinuxUnderlay.open(raw))) {
      Batches.add(batch, own);
      Batches.add(batch, bypassing);
      assertEquals(2, underlay.send(batch));
    }

    assertEquals(2, tun.read(batch, 2000));
    assertArrayEquals(own, Batches.packet(batch, 0));
    assertArrayEquals(bypassing, Batches.packet(batch, 1));
  }

  @Test
  void saysHowToGetTheMissingDriver() {
    HostException refusal =
        assertThrows(
            HostException.class,
            () -> LinuxTun.open("/nonexistent/net/tun", "espdt1", 1400, Offload.SEGMENTS));

    assertEquals(
        "cannot open /nonexistent/net/tun: No such file or directory; load the driver with"
            + " \"modprobe tun\", or make the file with \"mkdir -p /dev/net && mknod /dev/net/tun"
            + " c 10 200\"",
        refusal.getMessage());
  }

  @Test
  void saysWhichCapabilityIsMissing() {
    HostException refusal =
        assertThrows(
            HostException.class, () -> host.powerless(() -> LinuxTun.open("espdt1", 1400)));

    assertEquals(
        "cannot make the TUN interface espdt1: Operation not permitted; run as root, or give the"
            + " process the capability CAP_NET_ADMIN",
        refusal.getMessage());
  }

  @Test
  void saysThatTheNameIsInUse() {
    HostException refusal =
        assertThrows(HostException.class, () -> host.call(() -> LinuxTun.open(NAME, 1400)));

    assertTrue(refusal.toString().contains("another process has it"), refusal.toString());
  }
}
