package espd.dataplane.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.ipv6.HeaderChain;
import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.PortRange;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 4301 §7.3, §7.4.
class FragmentTrackerTest {

  private static final String A_TO_B = Fragments.A + Fragments.B;

  private final HeaderChain headers = new HeaderChain();
  private final FragmentTracker tracker = new FragmentTracker(64, new Random(4301));
  private long nowMillis = 1000;

  private static byte[] ports(int source, int destination) {
    return ByteBuffer.allocate(16).putShort((short) source).putShort((short) destination).array();
  }

  private boolean complete(byte[] packet) {
    MemorySegment memory = MemorySegment.ofArray(packet);
    headers.read(memory, 0, packet.length, Direction.INBOUND);
    return tracker.complete(memory, 0, headers.flow(), nowMillis);
  }

  private void permitted(byte[] packet) {
    assertTrue(complete(packet));
    tracker.remember(MemorySegment.ofArray(packet), 0, headers.flow(), nowMillis);
  }

  private void assertPorts(int local, int remote) {
    Flow flow = headers.flow();
    assertEquals(Fragments.UDP, flow.protocol);
    assertEquals(local, flow.localPort);
    assertEquals(remote, flow.remotePort);
  }

  @Test
  void aFragmentShowsThePortsOfItsFirstOne() {
    permitted(Fragments.fragment(1, "0+", ports(5001, 443)));
    permitted(Fragments.fragment(2, "0+", ports(5002, 53)));
    assertTrue(complete(Fragments.fragment(1, "16+", new byte[8])));
    assertPorts(443, 5001);
    assertTrue(complete(Fragments.fragment(2, "16", new byte[3])));
    assertPorts(53, 5002);
    assertTrue(complete(Fragments.fragment(1, "24", new byte[3])));
    assertPorts(443, 5001);
  }

  /// Its own header names what the data begins with, which may be options where the first one's
  /// upper layer is UDP.
  @Test
  void aFragmentHasTheProtocolOfItsFirstOne() {
    byte[] options = ByteBuffer.allocate(24).put((byte) 17).position(8).put(ports(1, 2)).array();
    byte[] first = Fragments.fragment(1, "0+", options);
    byte[] second = Fragments.fragment(1, "24", new byte[8]);
    first[40] = 60;
    second[40] = 60;
    permitted(first);
    assertTrue(complete(second));
    assertPorts(2, 1);
  }

  @Test
  void aFragmentWhoseFirstWasNotPermittedIsNotCompleted() {
    assertTrue(complete(Fragments.fragment(1, "0+", ports(5001, 22))));
    assertFalse(complete(Fragments.fragment(1, "16", new byte[8])));
    assertEquals(PortRange.NO_PORT, headers.flow().localPort);
  }

  @Test
  void aFirstOneOfOtherEndsOrNumberIsAnother() {
    permitted(Fragments.fragment(1, "0+", ports(5001, 443)));
    assertFalse(complete(Fragments.fragment(2, "16", new byte[8])));
    assertFalse(complete(Fragments.fragment(Fragments.B + Fragments.A, 1, "16", new byte[8])));
    assertFalse(complete(Fragments.fragment(A_TO_B.replace("02", "03"), 1, "16", new byte[8])));
  }

  /// It would write over what was looked at (RFC 5722 §3).
  @Test
  void aFragmentThatReachesIntoTheFirstIsNotCompleted() {
    permitted(Fragments.fragment(1, "0+", ports(5001, 443)));
    assertFalse(complete(Fragments.fragment(1, "8", new byte[24])));
    assertTrue(complete(Fragments.fragment(1, "16", new byte[24])));
  }

  @Test
  void theNewestFirstOneOfANumberCounts() {
    permitted(Fragments.fragment(1, "0+", ports(5001, 443)));
    permitted(Fragments.fragment(1, "0+", ports(5003, 80)));
    assertTrue(complete(Fragments.fragment(1, "16", new byte[8])));
    assertPorts(80, 5003);
  }

  @Test
  void aFirstOneIsForgottenAfterAMinute() {
    permitted(Fragments.fragment(1, "0+", ports(5001, 443)));
    nowMillis += FragmentTracker.MAX_MILLIS - 1;
    assertTrue(complete(Fragments.fragment(1, "16", new byte[8])));
    nowMillis += 1;
    assertFalse(complete(Fragments.fragment(1, "16", new byte[8])));
  }

  @Test
  void wholePacketsAndAtomicFragmentsStayAsTheyAre() {
    byte[] whole = Fragments.packet(Fragments.UDP, ports(7, 8));
    permitted(whole);
    assertPorts(8, 7);
    permitted(Fragments.fragment(1, "0", ports(7, 8)));
    assertPorts(8, 7);
    assertFalse(complete(Fragments.fragment(1, "16", new byte[8])));
  }

  @Test
  void manyDatagramsTakeThePlacesOfTheOldest() {
    for (int id = 0; id < 10_000; id++) {
      permitted(Fragments.fragment(id, "0+", ports(5001, 443)));
      nowMillis++;
    }
    int known = 0;
    for (int id = 0; id < 10_000; id++) {
      known += complete(Fragments.fragment(id, "16", new byte[8])) ? 1 : 0;
    }
    assertEquals(64, known);
    assertTrue(complete(Fragments.fragment(9_999, "16", new byte[8])));
  }

  @Test
  void randomOctetsNeverLeadBeyondTheEnd() {
    Random random = new Random(73);
    int[] seen = new int[2];
    for (int i = 0; i < 200_000; i++) {
      String place = random.nextInt(4) * 8 + (random.nextBoolean() ? "+" : "");
      byte[] packet = Fragments.fragment(random.nextInt(20), place, new byte[random.nextInt(30)]);
      packet[40] = new byte[] {17, 44, 60, 58}[random.nextInt(4)];
      if (random.nextInt(5) == 0) {
        packet[6] = 60;
        packet[41] = (byte) random.nextInt(4);
      }
      boolean complete = complete(packet);
      seen[complete ? 1 : 0]++;
      if (complete && random.nextBoolean()) {
        tracker.remember(MemorySegment.ofArray(packet), 0, headers.flow(), nowMillis);
      }
    }
    assertTrue(seen[0] > 1000 && seen[1] > 1000);
  }
}
