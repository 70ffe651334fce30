package espd.dataplane.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.fragment.Reassembly.Result;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 8200 §4.5.
class ReassemblyTest {

  private final Reassembly reassembly = new Reassembly(4);
  private long nowMillis = 1000;

  private Result add(byte[] fragment) {
    return reassembly.add(MemorySegment.ofArray(fragment), 0, fragment.length, nowMillis);
  }

  private byte[] written() {
    int octets = reassembly.octets();
    MemorySegment into = MemorySegment.ofArray(new byte[octets + 3]);
    assertEquals(octets, reassembly.write(into, 3));
    return into.asSlice(3, octets).toArray(ValueLayout.JAVA_BYTE);
  }

  /// A piece is `FROM-TO`, with a `+` behind it when it is not the last.
  private static byte[] piece(int identification, String piece) {
    String[] ends = piece.replace("+", "").split("-", -1);
    int from = Integer.parseInt(ends[0]);
    String place = piece.endsWith("+") ? from + "+" : Integer.toString(from);
    return Fragments.fragment(
        identification, place, Fragments.data(from, Integer.parseInt(ends[1])));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
           1, 0-8+ 8-20,                          WAITING COMPLETE
           2, 8-20 0-8+,                          WAITING COMPLETE
           3, 0-8+ 16-20 8-16+,                   WAITING WAITING COMPLETE
           4, 16-20 8-16+ 0-8+,                   WAITING WAITING COMPLETE
           5, 0-16+ 16-17,                        WAITING COMPLETE
           6, 0-8+ 0-8+ 8-20,                     WAITING DUPLICATE COMPLETE
           7, 8-20 8-20 0-8+,                     WAITING DUPLICATE COMPLETE
           8, 65528-65535 8-65528+ 0-8+,          WAITING WAITING COMPLETE
           9, 0-20,                               COMPLETE
          10, 8-16+ 0-20 0-8+ 16-20,              WAITING COMPLETE WAITING COMPLETE
          """)
  void fragmentsMakeADatagram(int number, String pieces, String results) {
    assertEquals(results, added(pieces), "row " + number);
    int end = 0;
    for (String piece : pieces.split(" ", -1)) {
      int to = Integer.parseInt(piece.substring(piece.indexOf('-') + 1).replace("+", ""));
      end = Math.max(end, to);
    }
    assertArrayEquals(Fragments.packet(Fragments.UDP, Fragments.data(0, end)), written());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
           1, 0-8+ 8-16+ 0-16+ 16-20,             WAITING WAITING OVERLAP OVERLAP
           2, 0-16+ 8-20,                         WAITING OVERLAP
           3, 0-16+ 0-8+ 16-20,                   WAITING OVERLAP OVERLAP
           4, 0-16+ 8-16+,                        WAITING OVERLAP
           5, 8-16+ 0-16+,                        WAITING OVERLAP
           6, 8-20 0-16+,                         WAITING OVERLAP
           7, 8-20 8-24+,                         WAITING OVERLAP
           8, 8-20 24-32+,                        WAITING OVERLAP
           9, 24-32+ 8-20,                        WAITING OVERLAP
          10, 8-20 8-21,                          WAITING OVERLAP
          11, 8-24 8-24+,                         WAITING OVERLAP
          12, 16-24+ 8-24,                        WAITING OVERLAP
          13, 8-20 16-24,                         WAITING OVERLAP
          14, 0-7+,                               MALFORMED
          15, 0-0+,                               MALFORMED
          16, 8-8,                                MALFORMED
          17, 65528-65536+,                       TOO_LONG
          18, 65528-65536,                        TOO_LONG
          """)
  void fragmentsMakeNoDatagram(int number, String pieces, String results) {
    assertEquals(results, added(pieces), "row " + number);
    assertThrows(IllegalStateException.class, reassembly::octets);
  }

  private String added(String pieces) {
    List<String> results = new ArrayList<>();
    for (String piece : pieces.split(" ", -1)) {
      results.add(add(piece(7, piece)).name());
    }
    return String.join(" ", results);
  }

  /// RFC 5722 §4: what still comes of it is dropped, too, and nothing of another.
  @Test
  void anOverlapEndsItsDatagramAlone() {
    assertEquals(Result.WAITING, add(piece(1, "0-16+")));
    assertEquals(Result.WAITING, add(piece(2, "0-16+")));
    assertEquals(Result.OVERLAP, add(piece(1, "8-24+")));
    assertEquals(Result.OVERLAP, add(piece(1, "16-24")));
    assertEquals(Result.OVERLAP, add(piece(1, "0-16+")));
    assertEquals(Result.COMPLETE, add(piece(2, "16-24")));
  }

  @Test
  void aDuplicateWithOtherOctetsIsAnOverlap() {
    assertEquals(Result.WAITING, add(piece(1, "0-16+")));
    byte[] other = piece(1, "0-16+");
    other[50] ^= 1;
    assertEquals(Result.OVERLAP, add(other));
  }

  @Test
  void datagramsAreKnownByBothAddressesAndIdentification() {
    String aToB = Fragments.A + Fragments.B;
    String bToA = Fragments.B + Fragments.A;
    String aToC = Fragments.A + Fragments.B.replace("02", "03");
    assertEquals(Result.WAITING, add(Fragments.fragment(aToB, 1, "0+", new byte[8])));
    assertEquals(Result.WAITING, add(Fragments.fragment(aToB, 2, "8", new byte[8])));
    assertEquals(Result.WAITING, add(Fragments.fragment(bToA, 1, "8", new byte[8])));
    assertEquals(Result.WAITING, add(Fragments.fragment(aToC, 1, "8", new byte[8])));
    assertEquals(Result.COMPLETE, add(Fragments.fragment(aToB, 1, "8", new byte[8])));
  }

  @Test
  void aDatagramIsWrittenOnceAndBeforeTheNextFragment() {
    MemorySegment into = MemorySegment.ofArray(new byte[100]);
    assertThrows(IllegalStateException.class, () -> reassembly.write(into, 0));
    add(piece(1, "0-8+"));
    assertEquals(Result.COMPLETE, add(piece(1, "8-16")));
    assertEquals(56, reassembly.write(into, 0));
    assertThrows(IllegalStateException.class, () -> reassembly.write(into, 0));
    assertEquals(Result.COMPLETE, add(piece(2, "0-8")));
    assertEquals(Result.WAITING, add(piece(1, "0-8+")));
    assertThrows(IllegalStateException.class, reassembly::octets);
  }

  @Test
  void aDatagramIsGivenUpAfterAMinute() {
    add(piece(1, "0-8+"));
    nowMillis += Reassembly.MAX_MILLIS - 1;
    assertEquals(Result.COMPLETE, add(piece(1, "8-16")));
    add(piece(2, "0-8+"));
    nowMillis += Reassembly.MAX_MILLIS;
    assertEquals(Result.WAITING, add(piece(2, "8-16")));
    assertEquals(1, reassembly.timedOut());
    assertEquals(0, reassembly.evicted());
  }

  @Test
  void anOverlapIsForgottenAfterAMinute() {
    add(piece(1, "0-16+"));
    add(piece(1, "8-24+"));
    nowMillis += Reassembly.MAX_MILLIS;
    assertEquals(Result.WAITING, add(piece(1, "0-16+")));
    assertEquals(0, reassembly.timedOut());
  }

  @Test
  void theOldestGivesItsPlace() {
    for (int id = 1; id <= 5; id++) {
      assertEquals(Result.WAITING, add(piece(id, "0-8+")));
      nowMillis++;
    }
    assertEquals(1, reassembly.evicted());
    assertEquals(Result.COMPLETE, add(piece(2, "8-16")));
    assertEquals(Result.WAITING, add(piece(1, "8-16")));
    assertEquals(Result.COMPLETE, add(piece(5, "8-16")));
    assertEquals(1, reassembly.evicted());
  }

  /// The headers of the first fragment are the datagram's, and count towards its length.
  @Test
  void extensionHeadersOfTheFirstFragmentMakeADatagramTooLong() {
    assertEquals(Result.WAITING, add(piece(1, "65520-65530")));
    byte[] first = piece(1, "0-32760+");
    byte[] longer = new byte[first.length + 8];
    System.arraycopy(first, 0, longer, 0, 40);
    System.arraycopy(first, 40, longer, 48, first.length - 40);
    longer[6] = 60;
    longer[40] = 44;
    int payload = longer.length - 40;
    longer[4] = (byte) (payload >>> 8);
    longer[5] = (byte) payload;
    assertEquals(Result.TOO_LONG, add(longer));
    assertEquals(Result.OVERLAP, add(piece(1, "32760-65520+")));
  }

  /// RFC 3168 §5.3.
  @ParameterizedTest
  @CsvSource({"0, 0, COMPLETE, 0", "2, 3, COMPLETE, 3", "3, 1, COMPLETE, 3", "0, 3, CONGESTION, 0"})
  void congestionOfAFragmentIsTheDatagrams(int first, int last, Result result, int ecn) {
    byte[] one = piece(1, "0-8+");
    byte[] other = piece(1, "8-16");
    one[0] |= 0x0b;
    one[1] |= (byte) (0x80 | first << 4);
    other[1] |= (byte) (last << 4);
    add(one);
    assertEquals(result, add(other));
    if (result == Result.COMPLETE) {
      byte[] whole = written();
      assertEquals(0xb8 | ecn, (whole[0] & 0xf) << 4 | (whole[1] & 0xf0) >>> 4);
    }
  }

  @Test
  void whatIsNoFragmentOrHoldsOneIsNotTaken() {
    assertEquals(Result.NOT_A_FRAGMENT, add(Fragments.packet(Fragments.UDP, new byte[30])));
    byte[] nested = piece(1, "0-16+");
    nested[40] = 44;
    assertEquals(Result.MALFORMED, add(nested));
    byte[] cut = piece(1, "0-16+");
    cut[5]++;
    assertEquals(Result.MALFORMED, add(cut));
    assertEquals(Result.MALFORMED, add(Fragments.packet(44, new byte[7])));
    assertThrows(IllegalArgumentException.class, () -> new Reassembly(0));
  }

  @Test
  void whatWasCutComesBackInAnyOrderAndWithDuplicates() {
    Random random = new Random(8200);
    Fragmentation fragmentation = new Fragmentation(new Identifications(random));
    for (int i = 0; i < 3000; i++) {
      int octets = 1 + random.nextInt(i % 20 == 0 ? 65_000 : 6_000);
      byte[] packet = Fragments.random(random, octets);
      List<byte[]> fragments = Fragments.cut(fragmentation, packet, 1280 + random.nextInt(300));
      if (fragments.size() < 2) {
        continue;
      }
      List<byte[]> sent = new ArrayList<>(fragments);
      Collections.shuffle(sent, random);
      for (byte[] duplicate : fragments.subList(0, random.nextInt(fragments.size()))) {
        sent.add(random.nextInt(sent.size()), duplicate);
      }
      int complete = 0;
      for (byte[] fragment : sent) {
        if (add(fragment) == Result.COMPLETE) {
          complete++;
          assertArrayEquals(packet, written());
        }
      }
      assertEquals(1, complete, () -> "of " + fragments.size() + " fragments");
      // What duplicates began anew is given up.
      nowMillis += Reassembly.MAX_MILLIS;
    }
  }

  @Test
  void randomFragmentsNeverLeadBeyondTheEnd() {
    Random random = new Random(5722);
    int[] seen = new int[256];
    byte[] headers = {44, 44, 17, 0, 60, 43};
    byte[] into = new byte[Reassembly.MAX_OCTETS];
    for (int i = 0; i < 300_000; i++) {
      byte[] data = new byte[random.nextInt(4) * 8 + random.nextInt(10) / 9];
      byte[] packet =
          Fragments.fragment(
              random.nextInt(6), random.nextInt(4) * 8 + (random.nextBoolean() ? "+" : ""), data);
      if (random.nextInt(10) == 0) {
        packet[6] = headers[random.nextInt(headers.length)];
        packet[40] = headers[random.nextInt(headers.length)];
        packet[41] = (byte) random.nextInt(3);
      }
      Result result = add(packet);
      seen[result.name().charAt(0)]++;
      if (result == Result.COMPLETE) {
        reassembly.write(MemorySegment.ofArray(into), 0);
      }
      nowMillis += random.nextInt(2000);
    }
    for (char first : "WCDOMN".toCharArray()) {
      assertTrue(seen[first] > 100, () -> first + " " + seen[first]);
    }
  }
}
