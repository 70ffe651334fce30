package espd.dataplane.esp;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Packets of one SA that a cipher takes at once: where they lie in a batch's memory, and under
/// which numbers. A worker thread owns one, fills it anew for each call and lends it.
///
/// ```
///  at                                                     at + octets
///  ├ SPI, sequence ┬ IV ┬ payload, padding, trailer ┬ ICV ┤
/// ```
public final class EspRun {

  /// How many packets are in the run.
  public int count;

  /// Where each packet's ESP header begins.
  public final int[] at;

  /// The octets of each packet from the SPI to the end of the ICV, checked against the suite.
  public final int[] octets;

  /// The whole sequence number of each packet: 64 bits with ESN (RFC 4303 §2.2.1).
  public final long[] number;

  /// Whether each packet's ICV was right; an opening cipher writes every one of the run.
  public final boolean[] authentic;

  private MemorySegment memory = MemorySegment.NULL;

  /// @param packets how many a run holds at the most
  public EspRun(int packets) {
    this.at = new int[packets];
    this.octets = new int[packets];
    this.number = new long[packets];
    this.authentic = new boolean[packets];
  }

  /// {@return the memory that [#at] speaks of}
  public MemorySegment memory() {
    return memory;
  }

  /// Begins an empty run of packets in `memory`.
  ///
  /// @throws IllegalArgumentException when it is on the heap, where a packet has no address
  public void begin(MemorySegment memory) {
    if (!memory.isNative()) {
      throw new IllegalArgumentException("packets on the heap");
    }
    this.memory = memory;
    this.count = 0;
  }

  /// Adds a packet.
  ///
  /// @throws IndexOutOfBoundsException when it is not within the memory: native code would not
  ///   notice
  public void add(int espAt, int espOctets, long sequence) {
    Objects.checkFromIndexSize(espAt, espOctets, memory.byteSize());
    at[count] = espAt;
    octets[count] = espOctets;
    number[count] = sequence;
    authentic[count] = false;
    count++;
  }
}
