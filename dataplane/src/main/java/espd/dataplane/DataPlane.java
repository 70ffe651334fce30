package espd.dataplane;

import espd.dataplane.esp.EspHeader;
import espd.dataplane.ipv6.Ipv6Header;
import espd.dataplane.ipv6.PacketTooBig;
import espd.dataplane.ring.Pipeline;
import espd.dataplane.ring.Ring;
import espd.dataplane.ring.RunToCompletion;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Wish;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.OutboundSa;
import espd.spd.Sad;
import espd.spd.SadbListener;
import espd.tun.PacketThread;
import espd.tun.PathListener;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The data plane whole: both directions between a TUN device and an underlay, under the SPD and
/// the SAD (RFC 4301 §5).
///
/// Threads: `espd-out-read`, `espd-out-crypto-0`…, `espd-out-write` and the same of `espd-in`, or
/// the readers alone ([DataPlaneConfiguration.Stages]). All of them sleep while there is no
/// traffic, but for one look a second. One that ends unforeseen takes the others with it and is
/// reported to [DataPlaneListener#failed]: a host whose packets stop says so.
///
/// Figures may be asked by any thread at any time.
public final class DataPlane implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final DataPlaneConfiguration parts;
  private final Counters outboundCounters = new Counters();
  private final Counters inboundCounters = new Counters();
  private final HeldPackets held = new HeldPackets(outboundCounters);
  private final Tap tap = new Tap();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final List<Audit> audits = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private final List<EspWorker> workers = new ArrayList<>();
  private final List<Thread> readers = new ArrayList<>();
  private final TooBig tooBig;
  private final Pipeline<Slot> outboundRing;
  private final Pipeline<Slot> inboundRing;
  private final Outbound outbound;
  private final Inbound inbound;
  private boolean ended;

  /// Makes the rings; nothing is read until [#start()].
  ///
  /// @param parts what it works with; its device and underlay are closed by [#close()]
  public DataPlane(DataPlaneConfiguration parts) {
    this.parts = parts;
    TunWriter tun = new TunWriter(parts.tun());
    this.tooBig = new TooBig(tun);
    this.outbound = new Outbound(parts, outboundCounters, held, tooBig);
    Supplier<Slot> inboundSlots = slots(Direction.INBOUND, inboundCounters);
    this.inbound = new Inbound(parts, inboundCounters, tun, inboundSlots);
    parts.underlay().follow(this::narrow);
    this.outboundRing = pipeline(outboundPlan());
    this.inboundRing = pipeline(inboundPlan(inboundSlots));
  }

  /// A router said that an ESP packet of ours was too long for its way (RFC 4301 §8.2.1); or the
  /// host did, which sends nothing longer there, whatever its SA.
  private void narrow(long remoteHigh, long remoteLow, int mtu, MemorySegment quote, int begins) {
    Sad sad = parts.sadb().sad();
    if (begins == PathListener.NOTHING) {
      sad.towards(new Ipv6Address(remoteHigh, remoteLow)).forEach(sa -> narrow(sa, mtu));
      return;
    }
    int octets = (int) quote.byteSize();
    int spi;
    if (begins == PathListener.IPV6) {
      spi = PacketTooBig.quotedSpi(quote, 0, octets);
    } else {
      spi = octets < EspHeader.OCTETS ? PacketTooBig.NO_SPI : EspHeader.spi(quote, 0);
    }
    OutboundSa sa = sad.outbound(spi, remoteHigh, remoteLow);
    if (sa != null) {
      narrow(sa, mtu);
    }
  }

  private void narrow(OutboundSa sa, int mtu) {
    if (sa.lowerPathMtu(mtu, parts.clock().millis())) {
      SaLine.about(sa, LOG.atInfo()).log("the path takes {} octets", sa.pathMtu());
    }
  }

  /// Says what the narrowest path to a peer takes from now on, in octets; an SA whose own path is
  /// known to take less keeps to that. Any thread.
  public void pathMtu(int octets) {
    outbound.pathMtu(Math.max(Ipv6Header.MINIMUM_MTU, octets));
  }

  /// Copies packets from now on, for one who looks on at a time. Any thread.
  ///
  /// @return where they go, until it is closed; nothing when another recording is being made
  public Optional<Recording> record(Wish wish) {
    return tap.begin(wish);
  }

  private Pipeline<Slot> pipeline(Pipeline.Plan<Slot> plan) {
    return switch (parts.sizes().stages()) {
      case FUSED -> new RunToCompletion<>(plan);
      case PARALLEL -> new Ring<>(plan);
    };
  }

  private Pipeline.Plan<Slot> outboundPlan() {
    return new Pipeline.Plan<>(
        "espd-out",
        parts.sizes().ringSlots(),
        slots(Direction.OUTBOUND, outboundCounters),
        workers(outbound::protect),
        timed(outbound::send),
        this::fail);
  }

  private Pipeline.Plan<Slot> inboundPlan(Supplier<Slot> inboundSlots) {
    return new Pipeline.Plan<>(
        "espd-in",
        parts.sizes().ringSlots(),
        inboundSlots,
        workers(Inbound::open),
        timed(inbound::deliver),
        this::fail);
  }

  private Supplier<Slot> slots(Direction direction, Counters counters) {
    Audit audit = new Audit(direction, counters, parts.clock());
    audits.add(audit);
    return () -> {
      Slot slot = new Slot(counters, audit, tap);
      slots.add(slot);
      return slot;
    };
  }

  private List<Pipeline.Step<Slot>> workers(BiConsumer<Slot, EspWorker> share) {
    List<Pipeline.Step<Slot>> steps = new ArrayList<>();
    for (int n = 0; n < parts.sizes().workers(); n++) {
      EspWorker worker = new EspWorker(parts.engine(), parts.sadb());
      workers.add(worker);
      steps.add(
          slot -> {
            slot.watch.taken();
            share.accept(slot, worker);
            slot.watch.processed();
          });
    }
    return steps;
  }

  private static Pipeline.Step<Slot> timed(Pipeline.Step<Slot> writer) {
    return slot -> {
      slot.watch.writing();
      writer.take(slot);
      slot.watch.written();
    };
  }

  /// Starts the threads; packets pass from now on.
  ///
  /// @throws IllegalStateException when it was started before
  public synchronized void start() {
    if (!readers.isEmpty() || ending.get()) {
      throw new IllegalStateException("a data plane starts once");
    }
    parts
        .sadb()
        .subscribe(
            new SadbListener() {
              @Override
              public void refused(int reqid) {
                held.refuse(reqid);
              }
            });
    outboundRing.start();
    inboundRing.start();
    readers.add(reader("espd-out-read", () -> outbound.read(outboundRing)));
    readers.add(reader("espd-in-read", () -> inbound.read(inboundRing)));
  }

  private interface Reading {
    void run() throws Exception;
  }

  private Thread reader(String name, Reading reading) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            PacketThread.of(
                () -> {
                  try {
                    reading.run();
                    fail(new IOException(name + " found its device closed"));
                  } catch (Throwable e) {
                    fail(e);
                  }
                }));
  }

  /// A thread has ended. While the data plane is ending that is as it should be.
  private void fail(Throwable failure) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    LOG.error("{} ended; no packet passes any more", Thread.currentThread().getName(), failure);
    Thread.ofPlatform()
        .name("espd-down")
        .start(
            () -> {
              try {
                end();
              } finally {
                parts.listener().failed(failure);
              }
            });
  }

  /// Lets packets in flight pass, ends the threads, and closes the device and the underlay, for
  /// that is what ends the readers' waiting. A second call does nothing.
  @Override
  public void close() {
    ending.set(true);
    end();
  }

  private synchronized void end() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      parts.tun().close();
      boolean quiet = readers.isEmpty() || readers.getFirst().join(PATIENCE);
      outboundRing.close();
      parts.underlay().close();
      quiet &= readers.isEmpty() || readers.getLast().join(PATIENCE);
      inboundRing.close();
      for (Thread reader : readers) {
        quiet &= reader.join(PATIENCE);
      }
      quiet &= outboundRing.join();
      quiet &= inboundRing.join();
      if (quiet) {
        tooBig.close();
        outbound.close();
        inbound.close();
        workers.forEach(EspWorker::close);
        slots.forEach(slot -> slot.batch.close());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// {@return how many packets of a direction were dropped for a reason, since the start}
  public long drops(Direction direction, DropReason reason) {
    return counters(direction).drops(reason);
  }

  /// {@return the last dropped packet of each direction and reason that people may want to read of
  /// ([DropReason#isAudited]), newest first; of those that come at once the first is kept}
  public List<AuditedDrop> lastDrops() {
    return audits.stream()
        .flatMap(audit -> audit.last().stream())
        .sorted(Comparator.comparing(AuditedDrop::at).reversed())
        .toList();
  }

  /// {@return how many packets were sent to the underlay, or written to the TUN device}
  public long packets(Direction direction) {
    return counters(direction).packets();
  }

  /// {@return the octets of those packets as they were handed over}
  public long octets(Direction direction) {
    return counters(direction).octets();
  }

  /// {@return how many packets of a direction were compressed on the wire (RFC 3173)}
  public long compressedPackets(Direction direction) {
    return counters(direction).compressedPackets();
  }

  /// {@return how many octets fewer those packets had on the wire, headers of IPComp included}
  public long sparedOctets(Direction direction) {
    return counters(direction).sparedOctets();
  }

  /// {@return how many batches of a direction are in flight}
  public int ringUsed(Direction direction) {
    return ring(direction).used();
  }

  /// {@return how many batches of a direction were in flight when one joined them, itself included;
  /// of one batch in sixteen}
  public Histogram ringOccupancy(Direction direction) {
    return counters(direction).times().inFlight();
  }

  /// {@return how often the reader of a direction had to wait for a free slot}
  public long ringFull(Direction direction) {
    return ring(direction).full();
  }

  private Pipeline<Slot> ring(Direction direction) {
    return direction == Direction.OUTBOUND ? outboundRing : inboundRing;
  }

  /// {@return how long a stage took for a batch, in nanoseconds; of one batch in sixteen}
  public Histogram stageNanos(Direction direction, Stage stage) {
    return counters(direction).times().of(stage);
  }

  /// {@return how many batches of each direction can be in flight}
  public int ringCapacity() {
    return parts.sizes().ringSlots();
  }

  /// {@return what would become of a packet now}
  public PacketTrace trace(Direction direction, Probe probe) {
    return new PacketTracer(parts.sadb(), outbound.pathMtu()).trace(direction, probe);
  }

  /// {@return how many packets wait for an SA}
  public int heldPackets() {
    return held.packets();
  }

  /// {@return the name of the ciphers' engine}
  public String engineName() {
    return parts.engine().name();
  }

  private Counters counters(Direction direction) {
    return direction == Direction.OUTBOUND ? outboundCounters : inboundCounters;
  }
}
