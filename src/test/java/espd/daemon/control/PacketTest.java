package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PacketTest {

  private static final Section TREE =
      Section.builder()
          .text("key1", "value1")
          .section(
              "section1",
              Section.builder()
                  .section("sub-section", Section.builder().text("key2", "value2").build())
                  .items("list1", List.of("item1", "item2"))
                  .build())
          .build();

  static Stream<Packet> packets() {
    return Stream.of(
        new Packet.CmdRequest("initiate", TREE),
        new Packet.CmdResponse(TREE),
        new Packet.CmdUnknown(),
        new Packet.EventRegister("list-sa"),
        new Packet.EventUnregister("list-sa"),
        new Packet.EventConfirm(),
        new Packet.EventUnknown(),
        new Packet.Event("list-sa", Section.builder().items("none", List.of()).build()));
  }

  @ParameterizedTest
  @MethodSource("packets")
  void readsWhatItWrites(Packet packet) throws MalformedPacketException {
    assertEquals(packet, Packet.read(ByteBuffer.wrap(packet.write())));
  }

  @Test
  void writesTheExampleOfTheProtocolsDescription() {
    String example =
        "03046b657931000676616c756531" // key1 = value1
            + "010873656374696f6e31" // section1
            + "010b7375622d73656374696f6e" // sub-section
            + "03046b657932000676616c756532" // key2 = value2
            + "02"
            + "04056c69737431" // list1
            + "0500056974656d31"
            + "0500056974656d32"
            + "06"
            + "02";
    assertEquals(example, HexFormat.of().formatHex(SectionCodec.write(TREE)));
  }

  @ParameterizedTest
  @MethodSource("packets")
  void neverRaisesAnythingElseForAPrefix(Packet packet) {
    byte[] octets = packet.write();
    for (int length = 0; length < octets.length; length++) {
      readOrRefuse(ByteBuffer.wrap(octets, 0, length).slice());
    }
  }

  @Test
  void neverRaisesAnythingElseForRandomOrChangedOctets() {
    Random random = new Random(1);
    byte[] good = new Packet.CmdRequest("initiate", TREE).write();
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = good.clone();
      if (i % 2 == 0) {
        octets = new byte[random.nextInt(200)];
        random.nextBytes(octets);
      }
      for (int j = 0; j < 3 && octets.length > 0; j++) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt(9);
      }
      readOrRefuse(ByteBuffer.wrap(octets));
    }
  }

  private static void readOrRefuse(ByteBuffer octets) {
    try {
      Packet.read(octets);
    } catch (MalformedPacketException expected) {
      assertEquals(false, String.valueOf(expected.getMessage()).isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          section without end             | 00 01 61 01 01 62
          end of a section that did not begin | 00 01 61 02
          list without end                | 00 01 61 04 01 62
          element of type 3 in a list     | 00 01 61 04 01 62 03
          element of type 6               | 00 01 61 06
          two nodes of one name           | 00 01 61 03 01 62 00 00 03 01 62 00 00
          text shorter than its length    | 00 05 61
          value without length            | 00 01 61 03 01 62 00
          name without length             | 03
          packet of type 8                | 08
          octets behind the packet        | 05 00
          """)
  void saysWhatIsMalformed(String message, String hex) {
    byte[] octets = HexFormat.ofDelimiter(" ").parseHex(hex);
    MalformedPacketException refused =
        assertThrows(MalformedPacketException.class, () -> Packet.read(ByteBuffer.wrap(octets)));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void refusesSectionsThatGoTooDeep() {
    byte[] octets = new byte[2 + 3 * 100];
    octets[0] = 1;
    for (int i = 0; i < 100; i++) {
      octets[1 + 3 * i] = 1;
      octets[2 + 3 * i] = 1;
      octets[3 + 3 * i] = 'a';
    }
    assertEquals(
        "sections deeper than 32",
        assertThrows(MalformedPacketException.class, () -> Packet.read(ByteBuffer.wrap(octets)))
            .getMessage());
  }
}
