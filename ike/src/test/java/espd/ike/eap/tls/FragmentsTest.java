package espd.ike.eap.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Packets and fragments of EAP-TLS (RFC 5216 §2.1.5, §3).
final class FragmentsTest {

  private static EapTlsPacket packet(String hex) {
    try {
      return EapTlsPacket.read(Bytes.ofHex(hex));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// RFC 5216 §3.1: flags L, M and S, then the length if L says so.
  @ParameterizedTest
  @CsvSource({
    "20, Start",
    "00, acknowledgement",
    "c0 00000800 aabb, first fragment",
    "40 aabb, a fragment",
    "00 aabb, the last fragment",
    "80 00000002 aabb, whole with its length"
  })
  void packetsAreWrittenAsTheyWereRead(String hex, String what) {
    assertEquals(Bytes.ofHex(hex), packet(hex).write(), what);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "80 0000", "c0 000000"})
  void packetsTooShortForTheirFlagsAreNone(String hex) {
    assertThrows(MalformedException.class, () -> EapTlsPacket.read(Bytes.ofHex(hex)));
  }

  /// RFC 5216 §2.1.5: each fragment but the last is acknowledged; the first says how long all is.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1024, 1025, 2048, 5000, 65_536})
  void aMessageOfAnyLengthArrives(int length) throws MalformedException {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) (i * 7);
    }
    Fragments here = new Fragments();
    Fragments there = new Fragments();
    EapTlsPacket packet = here.send(Bytes.of(octets));
    assertEquals(length > 1024, packet.whole().isPresent());
    int packets = 1;
    while (there.received(packet) instanceof Fragments.Answer(EapTlsPacket receipt)) {
      assertTrue(receipt.isAcknowledgement());
      packet = assertInstanceOf(Fragments.Answer.class, here.received(receipt)).packet();
      packets++;
    }
    assertEquals(Math.max(1, (length + 1023) / 1024), packets);
    assertEquals(
        new Fragments.Whole(Bytes.EMPTY),
        here.received(packet("00")),
        "nothing is left to be acknowledged");
  }

  @Test
  void whatArrivesIsWhatWasSent() throws MalformedException {
    Fragments there = new Fragments();
    assertInstanceOf(Fragments.Answer.class, there.received(packet("c0 00000006 0102")));
    assertInstanceOf(Fragments.Answer.class, there.received(packet("c0 00000006 0304")));
    assertEquals(
        new Fragments.Whole(Bytes.ofHex("010203040506")), there.received(packet("00 0506")));
    assertEquals(new Fragments.Whole(Bytes.ofHex("07")), there.received(packet("00 07")));
  }

  /// RFC 5216 §2.1.5, §3.1: what is cut short, does not end, or is longer than it says.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "40 aabb                              | without a length",
        "c0 00000000 aabb                     | without a length",
        "c0 00010001 aabb                     | 65537 octets",
        "c0 ffffffff aabb                     | 4294967295 octets",
        "80 00000003 aabb                     | announced 3",
        "80 00000001 aabb                     | longer than announced",
        "c0 00000004 aabb, 00 cc              | announced 4",
        "c0 00000004 aabb, 40 ccddee          | longer than announced",
        "c0 00000004 aabb, c0 00000005 cc     | of another length",
        "c0 00000004 aabb, 40                 | without data",
        "c0 00000004                          | without data"
      })
  void fragmentsThatDoNotFitAreRefused(String packets, String why) {
    Fragments fragments = new Fragments();
    List<EapTlsPacket> all = Stream.of(packets.split(",")).map(FragmentsTest::packet).toList();
    MalformedException refused =
        assertThrows(
            MalformedException.class,
            () -> {
              for (EapTlsPacket each : all) {
                Fragments.Arrival _ = fragments.received(each);
              }
            });
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::toString);
  }

  @Test
  void fragmentsWithoutEndAreRefused() throws MalformedException {
    Fragments fragments = new Fragments();
    Fragments.Arrival _ = fragments.received(packet("c0 00010000" + "aa".repeat(1000)));
    EapTlsPacket more = packet("40" + "aa".repeat(1000));
    List<Integer> taken = new ArrayList<>();
    assertThrows(
        MalformedException.class,
        () -> {
          while (taken.size() < 1000) {
            Fragments.Arrival _ = fragments.received(more);
            taken.add(taken.size());
          }
        });
    assertEquals(64, taken.size());
  }

  @Test
  void amidFragmentsNothingElseMayBeSaid() {
    Fragments fragments = new Fragments();
    EapTlsPacket _ = fragments.send(Bytes.of(new byte[2000]));
    assertThrows(MalformedException.class, () -> fragments.received(packet("00 aa")));
  }
}
