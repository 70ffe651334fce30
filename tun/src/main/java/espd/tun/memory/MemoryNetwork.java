package espd.tun.memory;

import espd.spd.Ipv6Address;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The wire between [MemoryUnderlay]s: delivers by destination address and port, with the faults of
/// a seed. Any thread; the same packets in the same order meet the same faults.
public final class MemoryNetwork {

  /// How bad the wire is.
  ///
  /// @param seed of all chances
  /// @param drop the share of packets that are lost, 0 to 1
  /// @param duplicate the share that arrives twice
  /// @param reorder the share that arrives after the next packet; a last one never does
  public record Faults(long seed, double drop, double duplicate, double reorder) {

    /// A perfect wire.
    public static final Faults NONE = new Faults(0, 0, 0, 0);
  }

  /// The longest packet of a link, in octets with its IPv6 header.
  public static final int MTU = 1500;

  private record Endpoint(Ipv6Address address, int port) {}

  private final Map<Endpoint, MemoryUnderlay> endpoints = new ConcurrentHashMap<>();
  private final Queue<WirePacket> late = new ArrayDeque<>();
  private final Faults faults;
  private final Random chance;
  private volatile Consumer<WirePacket> tap = packet -> {};

  /// @param faults that packets meet
  public MemoryNetwork(Faults faults) {
    this.faults = faults;
    this.chance = new Random(faults.seed());
  }

  /// {@return the sockets of one host}
  ///
  /// @param locals its addresses, in nobody else's use
  /// @param encapsulationPort of ESP in UDP, or nothing for raw ESP alone
  /// @throws IllegalArgumentException when an address is in use
  public MemoryUnderlay underlay(Set<Ipv6Address> locals, OptionalInt encapsulationPort) {
    MemoryUnderlay underlay = new MemoryUnderlay(this, locals, encapsulationPort);
    for (Ipv6Address local : locals) {
      attach(new Endpoint(local, 0), underlay);
      encapsulationPort.ifPresent(port -> attach(new Endpoint(local, port), underlay));
    }
    return underlay;
  }

  private void attach(Endpoint endpoint, MemoryUnderlay underlay) {
    if (endpoints.putIfAbsent(endpoint, underlay) != null) {
      throw new IllegalArgumentException(endpoint + " is in use");
    }
  }

  /// Shows every packet, as it is sent and before it meets a fault, to `observer`, in order.
  public void tap(Consumer<WirePacket> observer) {
    tap = observer;
  }

  /// Delivers a packet as it is, past tap and faults: what an attacker replays or makes up.
  ///
  /// @return whether somebody has the address and room
  public boolean deliver(WirePacket packet) {
    Endpoint endpoint = new Endpoint(packet.destination(), packet.destinationPort());
    MemoryUnderlay underlay = endpoints.get(endpoint);
    return underlay != null && underlay.arrive(packet);
  }

  synchronized void transmit(WirePacket packet) {
    tap.accept(packet);
    boolean lost = chance.nextDouble() < faults.drop();
    boolean twice = chance.nextDouble() < faults.duplicate();
    boolean after = chance.nextDouble() < faults.reorder();
    if (lost) {
      return;
    }
    if (after && late.isEmpty()) {
      late.add(packet);
      return;
    }
    deliver(packet);
    if (twice) {
      deliver(packet);
    }
    while (!late.isEmpty()) {
      deliver(late.remove());
    }
  }

  void detach(MemoryUnderlay underlay) {
    endpoints.values().removeIf(attached -> attached == underlay);
  }
}
