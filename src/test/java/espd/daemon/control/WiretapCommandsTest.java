package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.capture.Progress;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.keys.KeyLine;
import espd.daemon.keys.Sas;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.OutboundSa;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Packets and keys, asked for at the socket.
@Timeout(60)
class WiretapCommandsTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);

  @TempDir Path folder;
  private final OutboundSa out = Sas.outbound(0xcafebabe, GCM);
  private ControlServer server;
  private ControlClient client;

  @BeforeEach
  void open() throws IOException {
    Path socket = folder.resolve("espd.ctl");
    server = ControlServer.open(socket, new FakeOperations(List.of(out, Sas.inbound(7, GCM))));
    client = ControlClient.connect(socket);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void listsEverySaWithItsNumberOfNow() throws IOException {
    out.nextSequence();
    out.nextSequence();
    List<ListedSa> listed = new ArrayList<>();
    client.follow(
        new Command(Wiretap.LIST, Section.EMPTY),
        Wiretap.SA,
        event -> listed.add(ListedSa.from(event)));
    ListedSa first = listed.getFirst();
    assertEquals(2, listed.size());
    assertEquals(Direction.OUTBOUND, first.direction());
    assertEquals(2, first.sequence());
    assertEquals("0xcafebabe", first.spiText());
    assertEquals("AES_GCM_16_128", first.suite());
    assertEquals(first.destination(), listed.getLast().source());
    assertEquals(Direction.INBOUND, listed.getLast().direction());
  }

  @Test
  void whatIsNoSaIsRefused() {
    assertThrows(MalformedPacketException.class, () -> ListedSa.from(Section.EMPTY));
  }

  @Test
  void givesTheKeysOfWhatStands() throws IOException {
    List<String> lines = new ArrayList<>();
    Section request = Section.builder().items("tables", List.of("ESP_SA", "IKEV2")).build();
    Optional<Section> answer =
        client.follow(
            new Command(Wiretap.KEYS, request),
            Wiretap.KEY,
            event -> {
              try (KeyLine line = WiretapEvents.line(event).orElseThrow()) {
                lines.add(line.toString());
              }
              return true;
            });
    assertEquals(Optional.of("yes"), answer.orElseThrow().text("success"));
    assertEquals(2, lines.size());
    assertTrue(lines.getFirst().contains("0x00000007"), "oldest first");
  }

  @Test
  void goesOnWithKeysUntilTheClientHasEnough() throws IOException {
    Section request =
        Section.builder().items("tables", List.of("ESP_SA")).text("follow", "yes").build();
    List<Section> events = new ArrayList<>();
    Optional<Section> answer =
        client.follow(
            new Command(Wiretap.KEYS, request),
            Wiretap.KEY,
            event -> {
              events.add(event);
              return events.size() < 4;
            });
    assertEquals(Optional.empty(), answer);
    assertEquals(Section.EMPTY, events.getLast(), "a sign of life");
  }

  @ParameterizedTest
  @ValueSource(strings = {Wiretap.KEYS, Wiretap.CAPTURE})
  void doesNotGoOnForSomebodyWhoDoesNotListen(String command) throws IOException {
    Section request = Section.builder().text("follow", "yes").text("connection", "net").build();
    Section answer = client.command(command, request);
    assertTrue(answer.text("errmsg").orElseThrow().startsWith("register for the events"));
  }

  @ParameterizedTest
  @CsvSource({
    "snap,8,8 octets of a packet",
    "count,many,many",
    "snap,262144,already; one capture at a time"
  })
  void saysWhyItCapturesNothing(String name, String value, String why) throws IOException {
    Section answer =
        client
            .follow(
                new Command(Wiretap.CAPTURE, Section.builder().text(name, value).build()),
                Wiretap.CAPTURED,
                event -> true)
            .orElseThrow();
    assertEquals(Optional.of("no"), answer.text("success"));
    assertTrue(answer.text("errmsg").orElseThrow().contains(why), answer.toString());
  }

  @Test
  void anEventOfACaptureTellsItsOctetsAndWhereABlockEnds() throws IOException {
    byte[] octets = {(byte) 0xff, 0, 1, (byte) 0xc3, 'x'};
    Section piece = overTheWire(WiretapEvents.piece(octets));
    assertArrayEquals(octets, WiretapEvents.octets(piece));
    assertEquals(Optional.empty(), WiretapEvents.progress(piece));
    Progress progress = new Progress(1, 2, 3, 4);
    Section last = overTheWire(WiretapEvents.lastPiece(octets, progress));
    assertArrayEquals(octets, WiretapEvents.octets(last));
    assertEquals(Optional.of(progress), WiretapEvents.progress(last));
    assertEquals(Optional.empty(), WiretapEvents.line(last));
    assertTrue(SectionJson.of(last).contains("redacted"), SectionJson.of(last));
  }

  private static Section overTheWire(Section message) throws IOException {
    byte[] octets = new Packet.Event("e", message).write();
    return ((Packet.Event) Packet.read(ByteBuffer.wrap(octets))).message();
  }
}
