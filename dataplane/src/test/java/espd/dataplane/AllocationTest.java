package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.DataPlaneConfiguration.Sizes;
import espd.dataplane.DataPlaneConfiguration.Stages;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OriginalAddresses;
import espd.spd.OutboundSa;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.SaParameters;
import espd.spd.Sadb;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import espd.tun.PathListener;
import espd.tun.TunDevice;
import espd.tun.Underlay;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Nothing is allocated per packet, in either direction (a million packets each); the engine is one
/// that does nothing, for what engines allocate is their own (see [espd.dataplane.esp.SunJce]).
class AllocationTest {

  private static final int WARM = 300_000;
  private static final int MEASURED = 1_000_000;

  /// Between starts of the JIT a thread may allocate a little; a single object per batch would be
  /// four times this.
  private static final long ALLOWED_OCTETS = MEASURED / 16;

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);

  @ParameterizedTest
  @EnumSource(Stages.class)
  void packetsThatLeaveAllocateNothing(Stages stages) throws InterruptedException {
    for (Mode mode : Mode.values()) {
      assertAllocatesNothing(mode, Direction.OUTBOUND, sizes(stages));
    }
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void packetsThatArriveAllocateNothing(Stages stages) throws InterruptedException {
    for (Mode mode : Mode.values()) {
      assertAllocatesNothing(mode, Direction.INBOUND, sizes(stages));
    }
  }

  /// RFC 3173: neither does a packet that is compressed, or expanded.
  @ParameterizedTest
  @EnumSource(Direction.class)
  void compressionAllocatesNothing(Direction direction) throws InterruptedException {
    SaParameters sa = Host.parameters(new Host.Sa(GCM, Mode.TUNNEL), Host.A, Host.B);
    assertAllocatesNothing(Compressing.compressed(sa), direction, sizes(Stages.FUSED));
  }

  /// RFC 3948 §3.1.2: neither does the mending of a checksum.
  @Test
  void mendingWhatNatsDidAllocatesNothing() throws InterruptedException {
    SaParameters sa = Host.parameters(new Host.Sa(GCM, Mode.TRANSPORT), Host.A, Host.B);
    OriginalAddresses others = new OriginalAddresses(Host.B, Host.A);
    assertAllocatesNothing(Translated.by(others, sa), Direction.INBOUND, sizes(Stages.FUSED));
  }

  private static Sizes sizes(Stages stages) {
    return new Sizes(stages, 1, stages == Stages.FUSED ? 1 : 4);
  }

  private static void assertAllocatesNothing(Mode mode, Direction direction, Sizes sizes)
      throws InterruptedException {
    Host.Sa sa = new Host.Sa(GCM, mode);
    assertAllocatesNothing(Host.parameters(sa, Host.A, Host.B), direction, sizes);
  }

  private static void assertAllocatesNothing(SaParameters sa, Direction direction, Sizes sizes)
      throws InterruptedException {
    Mode mode = sa.mode();
    Sadb sadb = new Sadb(InstantSource.system(), new Random(1));
    Processing protect = new Processing.Protect(mode, Host.A, Host.B, Host.REQID);
    Selector selector = Selector.between(AddressRange.of(Host.A), AddressRange.of(Host.B));
    sadb.add(new Policy("test", Direction.OUTBOUND, selector, 0, protect));
    sadb.add(new Policy("test", Direction.INBOUND, selector, 0, protect));
    sadb.install(new OutboundSa(sa));
    sadb.install(new InboundSa(sa));
    Endless endless = new Endless(direction, sa);
    DataPlaneConfiguration parts =
        new DataPlaneConfiguration(
            sadb,
            endless.tun,
            endless.underlay,
            new Silent(),
            new PlainEngine(run -> {}),
            InstantSource.system(),
            1500,
            sizes);
    try (DataPlane plane = new DataPlane(parts)) {
      plane.start();
      endless.warm.await();
      List<Thread> threads = Threads.ofDataPlane();
      long before = Threads.allocatedOctets(threads);
      long packets = plane.packets(direction);
      while (plane.packets(direction) < packets + MEASURED) {
        Thread.sleep(5);
      }
      long allocated = Threads.allocatedOctets(threads) - before;
      assertEquals(sa.ipcomp().isPresent(), plane.compressedPackets(direction) > MEASURED);
      assertTrue(
          allocated < ALLOWED_OCTETS, () -> direction + " " + mode + ": " + allocated + " octets");
    }
  }

  private static final class Silent implements DataPlaneListener {
    @Override
    public void ikeMessage(UdpPath path, byte[] message) {}

    @Override
    public void peerMoved(InboundSa sa, Ipv6Address remote, UdpEncapsulation ports) {}

    @Override
    public void failed(Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// A device and an underlay where one direction never ends, and the other never begins.
  private static final class Endless {

    private static final ValueLayout.OfInt INT =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    final CountDownLatch warm = new CountDownLatch(1);
    final TunDevice tun;
    final Underlay underlay;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final byte[] packet;
    private int made;

    Endless(Direction direction, SaParameters sa) {
      byte[] inner = Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(1, 2, 100));
      if (direction == Direction.OUTBOUND) {
        packet = inner;
      } else {
        byte[] fromPeer = Packets.ipv6(Host.B, Host.A, Packets.UDP, Packets.udp(1, 2, 102));
        byte[] plain =
            sa.ipcomp().isPresent()
                ? Sealed.padded(
                    Compressing.ipcomp(41, Compressing.CPI, Compressing.deflated(fromPeer)), 108)
                : sa.mode() == Mode.TUNNEL
                    ? Sealed.padded(fromPeer, 41)
                    : Sealed.padded(checksummed(), Packets.UDP);
        packet = Packets.join(new byte[16], Packets.join(plain, new byte[16]));
      }
      tun = new EndlessTun(direction);
      underlay = new EndlessUnderlay(direction);
    }

    private static byte[] checksummed() {
      byte[] datagram = Packets.udp(1, 2, 102);
      datagram[7] = 1; // Any but 0, which is none.
      return datagram;
    }

    private int fill(PacketBatch batch, boolean endless) {
      if (!endless || closed.getCount() == 0) {
        return awaitClose();
      }
      batch.clear();
      for (int i = 0; i < PacketBatch.CAPACITY; i++) {
        int at = batch.offset(batch.add(packet.length));
        MemorySegment.copy(packet, 0, batch.memory(), ValueLayout.JAVA_BYTE, at, packet.length);
        batch.localPort[i] = 0;
      }
      made += PacketBatch.CAPACITY;
      if (made >= WARM) {
        warm.countDown();
      }
      return PacketBatch.CAPACITY;
    }

    private int awaitClose() {
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return -1;
    }

    private static int live(PacketBatch batch) {
      int live = 0;
      for (int i = 0; i < batch.count(); i++) {
        live += batch.length(i) > 0 ? 1 : 0;
      }
      return live;
    }

    private final class EndlessTun implements TunDevice {
      private final boolean endless;

      EndlessTun(Direction direction) {
        this.endless = direction == Direction.OUTBOUND;
      }

      @Override
      public String name() {
        return "endless";
      }

      @Override
      public int read(PacketBatch batch, int timeoutMillis) {
        return fill(batch, endless);
      }

      @Override
      public int write(PacketBatch batch) {
        return live(batch);
      }

      @Override
      public void close() {
        closed.countDown();
      }
    }

    private final class EndlessUnderlay implements Underlay {
      private final boolean endless;

      EndlessUnderlay(Direction direction) {
        this.endless = direction == Direction.INBOUND;
      }

      @Override
      public int receive(PacketBatch batch, int timeoutMillis) {
        int first = made;
        int count = fill(batch, endless);
        for (int i = 0; i < count; i++) {
          batch.memory().set(INT, batch.offset(i), Host.SPI);
          batch.memory().set(INT, batch.offset(i) + 4, first + i + 1);
          batch.localHigh[i] = Host.A.high();
          batch.localLow[i] = Host.A.low();
          batch.remoteHigh[i] = Host.B.high();
          batch.remoteLow[i] = Host.B.low();
          batch.hopLimit[i] = 64;
        }
        return count;
      }

      @Override
      public int send(PacketBatch batch) {
        return live(batch);
      }

      @Override
      public void sendDatagram(
          Ipv6Address local, int localPort, Ipv6Address remote, int remotePort, byte[] payload) {}

      @Override
      public void follow(PathListener listener) {}

      @Override
      public void close() {
        closed.countDown();
      }
    }
  }
}
