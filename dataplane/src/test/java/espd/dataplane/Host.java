package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.dataplane.DataPlaneConfiguration.Sizes;
import espd.dataplane.DataPlaneConfiguration.Stages;
import espd.dataplane.QueueUnderlay.Wire;
import espd.dataplane.esp.EspEngine;
import espd.dataplane.esp.SunJce;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.SaParameters;
import espd.spd.Sadb;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One host with a data plane between two queues.
final class Host implements AutoCloseable, DataPlaneListener {

  static final Ipv6Address A = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address B = Ipv6Address.parse("2001:db8:2:2::2");
  static final int REQID = 1;
  static final int SPI = 0x00c0ffee;

  final Sadb sadb = new Sadb(InstantSource.system(), new Random(1));
  final QueueTun tun = new QueueTun();
  final QueueUnderlay underlay = new QueueUnderlay();
  final BlockingQueue<byte[]> ike = new LinkedBlockingQueue<>();
  final BlockingQueue<UdpEncapsulation> moves = new LinkedBlockingQueue<>();
  final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  final DataPlane plane;
  private final Ipv6Address local;
  private final Ipv6Address remote;

  Host(Ipv6Address local, Ipv6Address remote) {
    this(local, remote, new SunJce());
  }

  Host(Ipv6Address local, Ipv6Address remote, EspEngine engine) {
    this(local, remote, engine, sizes(Stages.PARALLEL));
  }

  /// Two workers, or none beside the reader.
  static Sizes sizes(Stages stages) {
    return stages == Stages.FUSED ? new Sizes(stages, 1, 1) : new Sizes(stages, 2, 4);
  }

  Host(Ipv6Address local, Ipv6Address remote, EspEngine engine, Sizes sizes) {
    this.local = local;
    this.remote = remote;
    this.plane =
        new DataPlane(
            new DataPlaneConfiguration(
                sadb,
                tun,
                underlay,
                this,
                engine,
                InstantSource.system(),
                DataPlaneConfiguration.ETHERNET_MTU,
                sizes));
  }

  /// A host of the first address that protects all to the second.
  static Host a(Mode mode) {
    return new Host(A, B).protecting(mode);
  }

  /// Its peer.
  static Host b(Mode mode) {
    return new Host(B, A).protecting(mode);
  }

  Host protecting(Mode mode) {
    Processing.Protect protect = new Processing.Protect(mode, local, remote, REQID);
    sadb.add(new Policy("test", Direction.OUTBOUND, selector(), 0, protect));
    sadb.add(new Policy("test", Direction.INBOUND, selector(), 0, protect));
    plane.start();
    return this;
  }

  Selector selector() {
    return Selector.between(AddressRange.of(local), AddressRange.of(remote));
  }

  /// What both ends of a one-way SA from `from` have; keys are 1, 2, 3, ….
  static SaParameters parameters(Sa sa, Ipv6Address local, Ipv6Address remote) {
    EspSuite suite = sa.suite();
    return new SaParameters(
        SPI,
        "test",
        REQID,
        sa.mode(),
        local,
        remote,
        Optional.ofNullable(sa.ports()),
        suite,
        KeyMaterial.copyOf(counting(suite.encryptionKeyOctets(), 1)),
        KeyMaterial.copyOf(counting(suite.integrity().keyOctets(), 101)),
        sa.esn(),
        64,
        Lifetime.UNLIMITED,
        OuterTraffic.DEFAULT,
        List.of(Selector.between(AddressRange.of(local), AddressRange.of(remote))),
        Instant.now());
  }

  /// An SA in brief.
  record Sa(EspSuite suite, Mode mode, boolean esn, @Nullable UdpEncapsulation ports) {
    Sa(EspSuite suite, Mode mode) {
      this(suite, mode, false, null);
    }
  }

  static byte[] counting(int octets, int from) {
    byte[] counted = new byte[octets];
    for (int i = 0; i < octets; i++) {
      counted[i] = (byte) (from + i);
    }
    return counted;
  }

  OutboundSa sends(Sa sa) {
    OutboundSa outbound = new OutboundSa(parameters(sa, local, remote));
    sadb.install(outbound);
    return outbound;
  }

  OutboundSa sends(SaDraft draft) {
    OutboundSa outbound = new OutboundSa(draft.outbound(local, remote));
    sadb.install(outbound);
    return outbound;
  }

  InboundSa receives(SaDraft draft) {
    InboundSa inbound = new InboundSa(draft.inbound(local, remote));
    sadb.install(inbound);
    return inbound;
  }

  InboundSa receives(Sa sa) {
    InboundSa inbound = new InboundSa(parameters(sa, local, remote));
    sadb.install(inbound);
    return inbound;
  }

  /// Has the host send a packet and takes what leaves.
  Wire protect(byte[] packet) {
    tun.fromHost.add(packet);
    return nextSent();
  }

  Wire nextSent() {
    return next(underlay.sent);
  }

  byte[] nextDelivered() {
    return next(tun.toHost);
  }

  static <T> T next(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// What a peer's `sent` is when it arrives here: addresses swapped, and no IPv6 header of its own
  /// when raw, but the addresses of that.
  void arrives(Wire sent) {
    underlay.arriving.add(arriving(sent));
  }

  static Wire arriving(Wire sent) {
    byte[] octets = sent.octets();
    if (sent.localPort() != 0) {
      return swapped(sent, sent.tos(), octets);
    }
    byte[] esp = Arrays.copyOfRange(octets, espOffset(octets), octets.length);
    int tos = (octets[0] & 0xf) << 4 | (octets[1] & 0xff) >>> 4;
    return new Wire(address(octets, 24), 0, address(octets, 8), 0, tos, esp);
  }

  private static Ipv6Address address(byte[] packet, int at) {
    ByteBuffer octets = ByteBuffer.wrap(packet);
    return new Ipv6Address(octets.getLong(at), octets.getLong(at + 8));
  }

  @SuppressWarnings("ArgumentSelectionDefectChecker") // the point of it
  private static Wire swapped(Wire sent, int tos, byte[] octets) {
    return new Wire(sent.remote(), sent.remotePort(), sent.local(), sent.localPort(), tos, octets);
  }

  static int espOffset(byte[] packet) {
    int next = packet[6] & 0xff;
    int at = 40;
    while (next != Packets.ESP) {
      next = packet[at] & 0xff;
      at += 8;
    }
    return at;
  }

  /// Waits until `count` packets were dropped for a reason.
  void awaitDrops(Direction direction, DropReason reason, int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (plane.drops(direction, reason) < count && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(count, plane.drops(direction, reason), () -> reason + " " + dropsText(direction));
  }

  /// Waits until `count` packets were handed on.
  void awaitPackets(Direction direction, int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (plane.packets(direction) < count && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(count, plane.packets(direction), () -> dropsText(direction));
  }

  String dropsText(Direction direction) {
    StringBuilder text = new StringBuilder();
    for (DropReason reason : DropReason.values()) {
      if (plane.drops(direction, reason) > 0) {
        text.append(reason).append('=').append(plane.drops(direction, reason)).append(' ');
      }
    }
    return text.toString();
  }

  long allDrops(Direction direction) {
    long all = 0;
    for (DropReason reason : DropReason.values()) {
      all += plane.drops(direction, reason);
    }
    return all;
  }

  @Override
  public void ikeMessage(UdpPath path, byte[] message) {
    ike.add(message);
  }

  @Override
  public void peerMoved(InboundSa sa, Ipv6Address to, UdpEncapsulation ports) {
    moves.add(ports);
  }

  @Override
  public void failed(Throwable failure) {
    failures.add(failure);
  }

  @Override
  public void close() {
    plane.close();
    assertEquals(List.of(), List.copyOf(failures));
  }
}
