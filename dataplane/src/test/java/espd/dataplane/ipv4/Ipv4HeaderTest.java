package espd.dataplane.ipv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.tun.offload.Checksum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 791 §3.1, RFC 1624 §3, RFC 1191 §4.
class Ipv4HeaderTest {

  private static final int UDP = 17;

  private final Random random = new Random(791);

  private MemorySegment packet(int octets, int protocol) {
    MemorySegment packet = Arena.ofAuto().allocate(octets);
    for (int i = 0; i < octets; i++) {
      packet.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
    Ipv4Header.write(packet, octets, protocol << 8 | 64, random.nextInt(), 0x0a02_0001);
    return packet;
  }

  private static boolean isRight(MemorySegment packet) {
    return Checksum.isRight(Checksum.sum(packet, 0, Ipv4Header.OCTETS));
  }

  /// RFC 1624 §3: what is right stays right, and what is wrong stays wrong.
  @Test
  void theChecksumFollowsTheTrafficClass() {
    for (int round = 0; round < 100_000; round++) {
      MemorySegment packet = packet(60, UDP);
      boolean right = random.nextBoolean();
      if (!right) {
        packet.set(ValueLayout.JAVA_BYTE, 8, (byte) 63);
      }
      int trafficClass = random.nextInt(256);
      Ipv4Header.trafficClass(packet, 0, trafficClass);
      assertEquals(trafficClass, Ipv4Header.trafficClass(packet, 0));
      assertEquals(right, isRight(packet));
    }
  }

  /// RFC 792, RFC 1191 §4: type 3, code 4, the MTU in the last two octets, the packet behind.
  @Test
  void fragmentationNeededQuotesThePacketToItsSender() {
    MemorySegment about = packet(1400, UDP);
    MemorySegment message = Arena.ofAuto().allocate(FragmentationNeeded.MAX_OCTETS);
    int octets = FragmentationNeeded.write(about, 1342, message);
    assertEquals(576, octets);
    assertTrue(isRight(message));
    assertTrue(Checksum.isRight(Checksum.sum(message, 20, octets - 20)));
    assertEquals(Ipv4Header.source(about, 0), Ipv4Header.destination(message, 0));
    assertEquals(3, Ipv4Header.octet(message, 20));
    assertEquals(4, Ipv4Header.octet(message, 21));
    assertEquals(1342, Ipv4Header.octet(message, 26) << 8 | Ipv4Header.octet(message, 27));
    assertEquals(-1, message.asSlice(28, 548).mismatch(about.asSlice(0, 548)));
  }

  /// RFC 1122 §3.2.2: no error about an error, about what is for many, or to nobody.
  @Test
  void someAreNeverAnswered() {
    MemorySegment packet = packet(60, UDP);
    Ipv4Header.write(packet, 60, UDP << 8, 0x0a01_0001, 0x0a02_0001);
    assertTrue(FragmentationNeeded.mayAnswer(packet));
    Ipv4Header.write(packet, 60, UDP << 8, 0x0a01_0001, 0xe000_0001);
    assertFalse(FragmentationNeeded.mayAnswer(packet));
    Ipv4Header.write(packet, 60, UDP << 8, 0, 0x0a02_0001);
    assertFalse(FragmentationNeeded.mayAnswer(packet));
    Ipv4Header.write(packet, 60, 1 << 8, 0x0a01_0001, 0x0a02_0001);
    packet.set(ValueLayout.JAVA_BYTE, 20, (byte) 8);
    assertTrue(FragmentationNeeded.mayAnswer(packet), "an echo request");
    packet.set(ValueLayout.JAVA_BYTE, 20, (byte) 3);
    assertFalse(FragmentationNeeded.mayAnswer(packet), "an error");
  }
}
