package espd.tun;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/// Packets for tests, and what a thread costs.
final class Batches {

  static final int IPV6_HEADER = 40;

  private static final int ROUNDS = 5000;

  /// A MemorySegment.
  private static final int OF_A_CALL = 40;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Batches() {}

  /// Appends a packet to a batch.
  ///
  /// @return its slot
  static int add(PacketBatch batch, byte[] octets) {
    int slot = batch.add(MemorySegment.ofArray(octets));
    batch.localPort[slot] = 0;
    return slot;
  }

  /// Appends a datagram's payload to a batch.
  static void addDatagram(
      PacketBatch batch, Ipv6Address local, Ipv6Address remote, int trafficClass, byte[] octets) {
    int slot = add(batch, octets);
    batch.localHigh[slot] = local.high();
    batch.localLow[slot] = local.low();
    batch.localPort[slot] = 4500;
    batch.remoteHigh[slot] = remote.high();
    batch.remoteLow[slot] = remote.low();
    batch.remotePort[slot] = 4500;
    batch.trafficClass[slot] = trafficClass;
  }

  static byte[] packet(PacketBatch batch, int slot) {
    return batch
        .memory()
        .asSlice(batch.offset(slot), batch.length(slot))
        .toArray(ValueLayout.JAVA_BYTE);
  }

  static Ipv6Address remote(PacketBatch batch, int slot) {
    return new Ipv6Address(batch.remoteHigh[slot], batch.remoteLow[slot]);
  }

  static Ipv6Address local(PacketBatch batch, int slot) {
    return new Ipv6Address(batch.localHigh[slot], batch.localLow[slot]);
  }

  /// {@return an IPv6 packet (RFC 8200 §3) of traffic class 0xb8, flow label 0x12345, hop limit 61}
  static byte[] ipv6(Ipv6Address source, Ipv6Address destination, int nextHeader, byte[] payload) {
    return ByteBuffer.allocate(IPV6_HEADER + payload.length)
        .putInt(0x6b812345)
        .putShort((short) payload.length)
        .put((byte) nextHeader)
        .put((byte) 61)
        .putLong(source.high())
        .putLong(source.low())
        .putLong(destination.high())
        .putLong(destination.low())
        .put(payload)
        .array();
  }

  /// {@return octets that begin like ESP (RFC 4303 §2) with this sequence number}
  static byte[] esp(int sequence, int octets) {
    return ByteBuffer.allocate(octets).putInt(0x00001001).putInt(sequence).array();
  }

  /// What is done over and over.
  interface Round {
    void run() throws IOException;
  }

  /// Asserts that a round allocates nothing of our own. A call of the C library may leave one
  /// object of the JDK, its check of where the error number goes: the compiler takes it away or
  /// not, depending on what it has seen before.
  ///
  /// @param calls of the C library in one round, fewer than packets would leave objects
  static void assertAllocatesNothing(int calls, Round round) throws IOException {
    run(ROUNDS, round);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    run(ROUNDS, round);
    long octets = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        octets <= (long) ROUNDS * calls * OF_A_CALL,
        () -> octets / ROUNDS + " octets a round, of " + calls + " calls");
  }

  private static void run(int rounds, Round round) throws IOException {
    for (int i = 0; i < rounds; i++) {
      round.run();
    }
  }

  /// {@return the nanoseconds of CPU that this thread has used}
  static long cpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }
}
