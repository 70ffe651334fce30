package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sadb;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import espd.tun.memory.MemoryNetwork;
import espd.tun.memory.MemoryTun;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two data planes over a network that loses, doubles and reorders packets: each that arrives is
/// delivered once (RFC 4303 §3.4.3).
class MemoryNetworkTest {

  private static final EspSuite SUITE =
      new EspSuite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE);
  private static final int PACKETS = 2000;

  private record End(MemoryTun tun, DataPlane plane, Sadb sadb) {
    static End at(MemoryNetwork network, Ipv6Address local, Ipv6Address remote) {
      Sadb sadb = new Sadb(InstantSource.system(), new Random(7));
      MemoryTun tun = new MemoryTun("espd0");
      DataPlane plane =
          new DataPlane(
              DataPlaneConfiguration.of(
                  sadb,
                  tun,
                  network.underlay(Set.of(local), OptionalInt.of(UdpEncapsulation.PORT)),
                  new Unheard()));
      Selector selector = Selector.between(AddressRange.of(local), AddressRange.of(remote));
      Processing protect = new Processing.Protect(Mode.TUNNEL, local, remote, Host.REQID);
      sadb.add(new Policy("test", Direction.OUTBOUND, selector, 0, protect));
      plane.start();
      return new End(tun, plane, sadb);
    }
  }

  private static final class Unheard implements DataPlaneListener {
    @Override
    public void ikeMessage(UdpPath path, byte[] message) {
      throw new AssertionError("nobody sent IKE");
    }

    @Override
    public void peerMoved(InboundSa sa, Ipv6Address remote, UdpEncapsulation ports) {
      throw new AssertionError("nobody moved");
    }

    @Override
    public void failed(Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatArrivesIsDeliveredOnce(boolean udp) throws InterruptedException {
    UdpEncapsulation ports = udp ? new UdpEncapsulation(4500, 4500) : null;
    Host.Sa sa = new Host.Sa(SUITE, Mode.TUNNEL, true, ports);
    MemoryNetwork network = new MemoryNetwork(new MemoryNetwork.Faults(42, 0.1, 0.2, 0.2));
    End a = End.at(network, Host.A, Host.B);
    End b = End.at(network, Host.B, Host.A);
    try (DataPlane sending = a.plane;
        DataPlane receiving = b.plane) {
      a.sadb.install(new OutboundSa(Host.parameters(sa, Host.A, Host.B)));
      b.sadb.install(new InboundSa(Host.parameters(sa, Host.B, Host.A)));
      for (int i = 0; i < PACKETS; i++) {
        a.tun.inject(Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(i, 9, 64)));
      }
      Set<Integer> delivered = new HashSet<>();
      Optional<byte[]> next = b.tun.take(Duration.ofSeconds(5));
      while (next.isPresent()) {
        int number = ByteBuffer.wrap(next.get()).getShort(40) & 0xffff;
        assertTrue(delivered.add(number), () -> number + " came twice");
        next = b.tun.take(Duration.ofMillis(300));
      }
      assertTrue(delivered.size() > PACKETS * 0.8, () -> "delivered " + delivered.size());
      assertEquals(PACKETS, sending.packets(Direction.OUTBOUND));
      assertTrue(receiving.drops(Direction.INBOUND, DropReason.REPLAYED) > PACKETS * 0.1);
      assertEquals(0, receiving.drops(Direction.INBOUND, DropReason.BAD_ICV));
    }
  }
}
