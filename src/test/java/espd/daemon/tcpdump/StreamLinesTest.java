package espd.daemon.tcpdump;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.control.ListedSa;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.UdpEncapsulation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lines of tcpdump about TCP streams that carry ESP (RFC 9329).
class StreamLinesTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");
  private static final int SPI = 0xd898401d;
  private static final String LINE =
      "11:07:01.873778 IP6 2001:db8:1:1::1.50514 > 2001:db8:2:2::2.4500: Flags [P.], seq 7:123, ack"
          + " 1, win 507, options [nop,nop,TS val 1 ecr 2], length 116";

  private final Random random = new Random(9329);
  private final List<ListedSa> sad = new ArrayList<>(List.of(sa(Direction.OUTBOUND, SPI)));
  private final Annotator annotator = annotator();

  private Annotator annotator() {
    return new Annotator(
        () -> List.copyOf(sad), Instant::now, new Annotator.Style(false, trouble -> {}));
  }

  private static ListedSa sa(Direction direction, int spi) {
    boolean out = direction == Direction.OUTBOUND;
    return new ListedSa(
        spi,
        "net",
        direction,
        Mode.TUNNEL,
        Optional.of(new UdpEncapsulation(UdpEncapsulation.FIRST_STREAM + 2, 4500)),
        "AES_GCM_16_128",
        out ? HERE : THERE,
        out ? THERE : HERE,
        3,
        12);
  }

  private byte[] frame(int spi, int number, int more) {
    byte[] padding = new byte[more];
    random.nextBytes(padding);
    ByteBuffer frame = ByteBuffer.allocate(10 + more);
    return frame.putShort((short) (10 + more)).putInt(spi).putInt(number).put(padding).array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /// What `tcpdump -x` prints behind the line of a segment.
  private static List<String> dump(int sequence, byte[] payload) {
    byte[] packet =
        ByteBuffer.allocate(72 + payload.length)
            .putInt(0x600c2c7c)
            .putShort((short) (32 + payload.length))
            .put((byte) 6)
            .put((byte) 64)
            .put(HERE.octets())
            .put(THERE.octets())
            .putInt(50514 << 16 | 4500)
            .putInt(sequence)
            .putInt(1)
            .putInt(0x80180200)
            .put(72, payload)
            .array();
    List<String> lines = new ArrayList<>();
    for (int at = 0; at < packet.length; at += 16) {
      StringBuilder line = new StringBuilder("\t0x%04x: ".formatted(at));
      for (int i = at; i < Math.min(at + 16, packet.length); i++) {
        line.append(i % 2 == 0 ? " " : "").append("%02x".formatted(packet[i]));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /// {@return what is told of the ESP packets of a segment, without what is said of their SA}
  private List<String> packets(Annotator reader, int sequence, byte[] payload) {
    List<String> told = new ArrayList<>();
    reader.annotated(LINE);
    for (String line : dump(sequence, payload)) {
      reader
          .annotated(line)
          .lines()
          .skip(1)
          .map(l -> l.replaceAll(" {2}<-.*", ""))
          .forEach(told::add);
    }
    return told;
  }

  private static String packet(int spi, int number, int octets) {
    return "\tESP(spi=0x%08x,seq=0x%x), length %d".formatted(spi, number, octets);
  }

  @Test
  void saysOfWhichSasASegmentMayBe() {
    sad.add(sa(Direction.INBOUND, 7));
    assertEquals(LINE + "  <- TCP stream of net, outbound 0xd898401d", annotator.annotated(LINE));
    String back = "IP6 2001:db8:2:2::2.4500 > 2001:db8:1:1::1.50514: Flags [.], ack 123, length 0";
    assertEquals(back + "  <- TCP stream of net, inbound 0x00000007", annotator.annotated(back));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IP6 2001:db8:1:1::1.50514 > 2001:db8:2:2::2.443: Flags [S], seq 1, length 0",
        "IP6 2001:db8:1:1::1.50514 > 2001:db8:9::9.4500: Flags [.], ack 1, length 0",
        "IP 10.1.0.1.50514 > 10.2.0.1.4500: Flags [.], ack 1, length 0",
        "IP6 left.50514 > right.4500: Flags [.], ack 1, length 0"
      })
  void saysNothingOfOtherStreams(String line) {
    assertEquals(line, annotator.annotated(line));
  }

  @Test
  void tellsEachEspPacketBehindTheOctetsOfItsSegment() {
    List<String> lines = dump(1000, frame(SPI, 5, 100));
    annotator.annotated(LINE);
    for (String line : lines.subList(0, lines.size() - 1)) {
      assertEquals(line, annotator.annotated(line));
    }
    assertEquals(
        lines.getLast()
            + "\n\tESP(spi=0xd898401d,seq=0x5), length 108  <- net outbound tunnel AES_GCM_16_128,"
            + " SAD seq=0x3, age 12 s",
        annotator.annotated(lines.getLast()));
    assertEquals(1, annotator.espLines());
    assertEquals(0, annotator.unknownLines());
  }

  /// RFC 9329 §3, §4: prefix, an IKE message, ESP packets of any length, a keepalive of one octet,
  /// cut into segments anywhere; an SPI that nobody knows is told too.
  @Test
  void readsFramesHoweverTheyAreCutIntoSegments() {
    byte[] ike = new byte[4 + 28];
    Arrays.fill(ike, 4, ike.length, (byte) 0x5a);
    byte[] stream =
        join(
            "IKETCP".getBytes(StandardCharsets.US_ASCII),
            new byte[] {0, (byte) (2 + ike.length)},
            ike,
            frame(SPI, 1, 0),
            new byte[] {0, 3, (byte) 0xff},
            frame(SPI, 2, 700),
            frame(99, 1, 33));
    for (int round = 0; round < 200; round++) {
      Annotator reader = annotator();
      List<String> told = new ArrayList<>();
      int sequence = -100 + round; // it passes through 0
      for (int at = 0; at < stream.length; ) {
        int end = Math.min(stream.length, at + (at == 0 ? 6 : 1) + random.nextInt(300));
        told.addAll(packets(reader, sequence + at, Arrays.copyOfRange(stream, at, end)));
        at = end;
      }
      assertEquals(List.of(packet(SPI, 1, 8), packet(SPI, 2, 708), packet(99, 1, 41)), told);
      assertEquals(1, reader.unknownLines());
    }
  }

  @Test
  void findsInStepAgainWhereAKnownSpiBeginsASegment() {
    byte[] first = frame(SPI, 1, 100);
    byte[] second = frame(SPI, 2, 100);
    byte[] half = Arrays.copyOfRange(first, 50, first.length);
    assertEquals(List.of(), packets(annotator, 50, half), "begun in the midst of a frame");
    assertEquals(List.of(packet(SPI, 2, 108)), packets(annotator, 110, second));
    assertEquals(List.of(), packets(annotator, 110, second), "sent again");
    assertEquals(
        List.of(packet(SPI, 4, 108)), packets(annotator, 330, frame(SPI, 4, 100)), "a gap");
    assertEquals(List.of(), packets(annotator, 500, half), "a gap, and no frame");
    assertEquals(List.of(), packets(annotator, 560, frame(99, 5, 100)), "nor an SPI one knows");
    assertEquals(List.of(packet(SPI, 6, 108)), packets(annotator, 670, frame(SPI, 6, 100)));
  }

  @Test
  void octetsThatAreNoFramesBreakNothing() {
    for (int round = 0; round < 2000; round++) {
      byte[] octets = new byte[random.nextInt(60)];
      random.nextBytes(octets);
      packets(annotator, round * 7, round % 3 == 0 ? join(frame(SPI, 1, 3), octets) : octets);
    }
    assertEquals("\t0x0000:  zzzz", annotator.annotated("\t0x0000:  zzzz"));
  }
}
