package espd.dataplane.esp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import espd.spd.EspSuite;
import espd.spd.SaParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Packets of an SA with random keys, one behind the other in a piece of memory, with some octets
/// of nobody's before each.
final class Packets implements AutoCloseable {

  static final int SPI = 0x1000;

  final SaParameters sa;
  final EspRun run;
  final MemorySegment memory;
  private final Arena arena = Arena.ofShared();
  private final Random random;

  /// @param octets of each packet's encrypted part
  Packets(EspSuite suite, boolean esn, Random random, int... octets) {
    this.random = random;
    this.sa =
        SelfTest.sa(
            suite, esn, random(suite.encryptionKeyOctets()), random(suite.integrity().keyOctets()));
    this.run = new EspRun(octets.length);
    int around = EspHeader.OCTETS + suite.encryption().ivOctets() + suite.icvOctets();
    int end = 0;
    int[] at = new int[octets.length];
    for (int i = 0; i < octets.length; i++) {
      at[i] = end + 1 + random.nextInt(100);
      end = at[i] + around + octets[i];
    }
    this.memory = arena.allocate(end + 7L);
    memory.copyFrom(MemorySegment.ofArray(random(end + 7)));
    run.begin(memory);
    long number = esn ? random.nextLong(1L << 32, 1L << 50) : 1 + random.nextInt(1 << 30);
    for (int i = 0; i < octets.length; i++) {
      EspHeader.write(memory, at[i], SPI, number + i);
      run.add(at[i], around + octets[i], number + i);
    }
  }

  /// A length that the suite can have.
  static int octets(EspSuite suite, Random random, int bound) {
    int block = suite.encryption().blockOctets();
    return block + random.nextInt(bound) / block * block;
  }

  byte[] random(int octets) {
    byte[] bytes = new byte[octets];
    random.nextBytes(bytes);
    return bytes;
  }

  byte[] octets() {
    return memory.toArray(JAVA_BYTE);
  }

  void octets(byte[] all) {
    memory.copyFrom(MemorySegment.ofArray(all));
  }

  /// Flips a bit of a packet.
  void flip(int packet, int bit) {
    int at = run.at[packet] + bit / 8;
    memory.set(JAVA_BYTE, at, (byte) (memory.get(JAVA_BYTE, at) ^ 1 << bit % 8));
  }

  /// Where the encrypted part of a packet begins.
  int bodyAt(int packet) {
    return run.at[packet] + EspHeader.OCTETS + sa.suite().encryption().ivOctets();
  }

  /// Where it ends.
  int icvAt(int packet) {
    return run.at[packet] + run.octets[packet] - sa.suite().icvOctets();
  }

  @Override
  public void close() {
    arena.close();
  }
}
