package espd.dataplane.ipv6;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.OriginalAddresses;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checksums of packets whose addresses NATs have changed (RFC 3948 §3.1.2), against sums taken
/// octet by octet (RFC 8200 §8.1).
class UpperLayerChecksumTest {

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int SCTP = 132;
  private static final int FRAGMENT = 44;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int HEADER = 40;

  private final Random random = new Random(1);

  private Ipv6Address address() {
    // Of a prefix, so that no one is of IPv4.
    return new Ipv6Address(0x2001_0db8_0000_0000L | (random.nextInt() & 0xffff), random.nextLong());
  }

  /// A packet from `remote` to `local` whose upper layer begins at `HEADER + before.length`.
  private byte[] packet(Ipv6Address remote, Ipv6Address local, int first, byte[] rest) {
    return ByteBuffer.allocate(HEADER + rest.length)
        .putInt(0x6000_0000)
        .putShort((short) rest.length)
        .put((byte) first)
        .put((byte) 64)
        .put(remote.octets())
        .put(local.octets())
        .put(rest)
        .array();
  }

  private byte[] upper(int octets) {
    byte[] upper = new byte[octets];
    random.nextBytes(upper);
    return upper;
  }

  /// The ones' complement sum over addresses, length, protocol and the upper layer (RFC 1071).
  private static int sum(
      Ipv6Address one, Ipv6Address other, int protocol, ByteBuffer upper, int octets) {
    long sum = (long) octets + protocol;
    ByteBuffer addresses = ByteBuffer.allocate(32).put(one.octets()).put(other.octets()).flip();
    for (ByteBuffer each : new ByteBuffer[] {addresses, upper.duplicate()}) {
      while (each.remaining() > 1) {
        sum += each.getShort() & 0xffff;
      }
      sum += each.hasRemaining() ? (each.get() & 0xff) << 8 : 0;
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) sum;
  }

  private static void mend(byte[] packet, OriginalAddresses originals) {
    HeaderChain headers = new HeaderChain();
    MemorySegment memory = MemorySegment.ofArray(packet);
    headers.read(memory, 0, packet.length, Direction.INBOUND);
    UpperLayerChecksum.mend(memory, 0, headers, originals);
  }

  /// Whatever the addresses were and are, with the header at once behind IPv6's or behind another.
  @ParameterizedTest
  @CsvSource({"6, 16", "17, 6", "136, 6", "33, 6", "58, 2", "135, 4"})
  void whatWasRightForTheSendersAddressesIsRightForOurs(int protocol, int field) {
    for (int i = 0; i < 20_000; i++) {
      OriginalAddresses originals = new OriginalAddresses(address(), address());
      Ipv6Address local = i % 3 == 0 ? originals.local() : address();
      Ipv6Address remote = i % 3 == 1 ? originals.remote() : address();
      byte[] upper = upper(20 + random.nextInt(20));
      ByteBuffer.wrap(upper).putShort(field, (short) 0);
      int sum =
          sum(
              originals.remote(),
              originals.local(),
              protocol,
              ByteBuffer.wrap(upper),
              upper.length);
      ByteBuffer.wrap(upper).putShort(field, (short) (sum == 0xffff ? 0xffff : ~sum));
      boolean options = i % 2 == 0;
      byte[] rest = options ? behindOptions(protocol, upper) : upper;
      byte[] packet = packet(remote, local, options ? DESTINATION_OPTIONS : protocol, rest);
      byte[] before = packet.clone();
      mend(packet, originals);
      int at = packet.length - upper.length;
      ByteBuffer mended = ByteBuffer.wrap(packet, at, upper.length).slice();
      assertEquals(0xffff, sum(remote, local, protocol, mended, upper.length), "packet " + i);
      if (protocol == UDP) {
        assertNotEquals(0, mended.getShort(field), "0 would mean none (RFC 768)");
      }
      before[at + field] = packet[at + field];
      before[at + field + 1] = packet[at + field + 1];
      assertArrayEquals(before, packet, "and nothing else is touched");
    }
  }

  private static byte[] behindOptions(int protocol, byte[] upper) {
    return ByteBuffer.allocate(8 + upper.length)
        .put((byte) protocol)
        .put(new byte[] {0, 1, 4, 0, 0, 0, 0})
        .put(upper)
        .array();
  }

  /// RFC 1624 §3: the difference is mended, not the sum, so damage stays visible.
  @Test
  void whatWasWrongStaysWrong() {
    OriginalAddresses originals = new OriginalAddresses(address(), address());
    Ipv6Address local = address();
    Ipv6Address remote = address();
    byte[] upper = upper(32);
    ByteBuffer.wrap(upper).putShort(16, (short) 0);
    int sum = sum(originals.remote(), originals.local(), TCP, ByteBuffer.wrap(upper), 32);
    ByteBuffer.wrap(upper).putShort(16, (short) (~sum ^ 0x0100));
    byte[] packet = packet(remote, local, TCP, upper);
    mend(packet, originals);
    int after = sum(remote, local, TCP, ByteBuffer.wrap(packet, HEADER, 32).slice(), 32);
    assertNotEquals(0xffff, after);
  }

  private void assertUntouched(int first, byte[] rest) {
    byte[] packet = packet(address(), address(), first, rest);
    byte[] before = packet.clone();
    mend(packet, new OriginalAddresses(address(), address()));
    assertArrayEquals(before, packet);
  }

  /// SCTP's checksum knows no addresses (RFC 9260 §6.8), and ESP within ESP has none.
  @ParameterizedTest
  @ValueSource(ints = {SCTP, 50, 59, 47})
  void whatKnowsNoAddressesStaysAsItIs(int protocol) {
    assertUntouched(protocol, upper(32));
  }

  /// RFC 768, RFC 6935: no checksum is none here either.
  @Test
  void aDatagramWithoutChecksumStaysWithout() {
    byte[] upper = upper(20);
    ByteBuffer.wrap(upper).putShort(6, (short) 0);
    assertUntouched(UDP, upper);
  }

  /// The checksum is in the first fragment; what stands in its place in a later one is data.
  @Test
  void aLaterFragmentStaysAsItIs() {
    byte[] rest = upper(40);
    ByteBuffer.wrap(rest).put((byte) TCP).put((byte) 0).putShort((short) 0x0100);
    assertUntouched(FRAGMENT, rest);
  }

  /// Wherever a packet is cut, nothing beyond its end is read or written.
  @Test
  void whatIsCutStaysAsItIs() {
    for (int octets = 4; octets < 18; octets++) {
      assertUntouched(TCP, upper(octets));
    }
  }
}
