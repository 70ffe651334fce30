package espd.spd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/// What a packet asks of this module allocates nothing.
class AllocationTest {

  private static final int PACKETS = 1_000_000;
  private static final Flow PACKET = Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:2:2::2", 80);

  private long sink;

  @Test
  void looksUpPoliciesWithoutAllocating() {
    Sadb sadb = new Sadb(InstantSource.fixed(Instant.EPOCH), new Random(1));
    for (int i = 0; i < 10; i++) {
      Selector selector =
          new Selector(
              AddressRange.ANY, AddressRange.ANY, Packets.TCP, PortRange.ANY, PortRange.of(71 + i));
      sadb.add(new Policy("test", Direction.OUTBOUND, selector, 0, new Processing.Discard()));
    }
    assertAllocatesNothing(i -> sadb.spd().lookup(Direction.OUTBOUND, PACKET).id());
  }

  @Test
  void looksUpSasWithoutAllocating() {
    List<Sa> sas = new ArrayList<>();
    for (int spi = 0x1000; spi < 0x1400; spi++) {
      sas.add(SaSample.ofSpi(spi).inbound());
      sas.add(SaSample.ofSpi(spi).reqid(spi).outbound());
    }
    Sad sad = new Sad(sas);
    assertAllocatesNothing(
        i -> {
          int spi = 0x1000 + (int) (i & 0x3ff);
          InboundSa in = sad.inbound(spi);
          OutboundSa out = sad.outbound(spi, PACKET);
          return in == null || out == null ? 0 : in.spi() + out.spi();
        });
  }

  @Test
  void checksNumbersAndCountsWithoutAllocating() {
    Lifetime lifetime = new Lifetime(0, 0, 1L << 50, 1L << 60, 1L << 50, 1L << 60);
    SaSample sample = SaSample.ofSpi(0x1000).esn().replayWindow(1024).lifetime(lifetime);
    InboundSa in = sample.inbound();
    OutboundSa out = sample.outbound();
    assertAllocatesNothing(
        i -> {
          if (out.isSpent() || in.isSpent()) {
            return 0;
          }
          long number = in.window().infer((int) out.nextSequence());
          in.count(1400, i);
          in.countReplayed();
          return in.window().admits(number) && in.window().record(number) ? number : 0;
        });
  }

  private void assertAllocatesNothing(LongUnaryOperator packet) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    // The first round is compiled while it runs; one clean round is the proof.
    for (int round = 0; round < 5 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < PACKETS; i++) {
        sink += packet.applyAsLong(i);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least == 0, "octets for " + PACKETS + " packets: " + least + ", sum " + sink);
  }
}
