package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.IkeSa;
import espd.ike.Datagram;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Path;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Events of vici, over a real socket.
@Timeout(60)
class NarrationTest extends ControlSocket {

  private static final IkeSa SA = Snapshots.established().ikeSas().getFirst();
  private static final ChildSa CHILD = SA.children().getFirst();

  private final Happenings happenings = operations.happenings();

  private PacketChannel listener(String... events) throws IOException {
    PacketChannel client =
        new PacketChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    for (String event : events) {
      client.write(new Packet.EventRegister(event));
      assertEquals(new Packet.EventConfirm(), client.read().orElseThrow());
    }
    return client;
  }

  private static Section next(PacketChannel client, String name) throws IOException {
    Packet.Event event = (Packet.Event) client.read().orElseThrow();
    assertEquals(name, event.name());
    return event.message();
  }

  private static Happening line(String text) {
    return new Happening.Line(
        Snapshots.NOW,
        Happening.Group.IKE,
        Happening.Level.STEP,
        "gw/net",
        OptionalInt.of(7),
        text);
  }

  @Test
  void tellsWhatBecomesOfSas() throws IOException {
    try (PacketChannel client =
        listener("ike-updown", "child-updown", "ike-rekey", "child-rekey")) {
      happenings.tell(new Happening.IkeSaUp(Snapshots.NOW, SA));
      happenings.tell(line("nobody asked for this"));
      happenings.tell(new Happening.ChildSaUp(Snapshots.NOW, SA, CHILD));
      happenings.tell(new Happening.ChildSaRekeyed(Snapshots.NOW, SA, CHILD, CHILD));
      happenings.tell(new Happening.IkeSaRekeyed(Snapshots.NOW, SA, SA));
      happenings.tell(new Happening.ChildSaDown(Snapshots.NOW, SA, CHILD));
      happenings.tell(new Happening.IkeSaDown(Snapshots.NOW, SA));
      Section up = next(client, "ike-updown");
      assertEquals("yes", up.text("up").orElseThrow());
      assertEquals("577", up.section("p1-p2").orElseThrow().text("established").orElseThrow());
      Section child = next(client, "child-updown").section("p1-p2").orElseThrow();
      assertTrue(child.section("child-sas").orElseThrow().section("p1-p2-1").isPresent());
      Section children =
          next(client, "child-rekey")
              .section("p1-p2")
              .orElseThrow()
              .section("child-sas")
              .orElseThrow();
      assertEquals(
          List.of("old", "new"),
          List.copyOf(children.section("p1-p2").orElseThrow().nodes().keySet()));
      Section rekeyed = next(client, "ike-rekey").section("p1-p2").orElseThrow();
      assertEquals(List.of("old", "new"), List.copyOf(rekeyed.nodes().keySet()));
      assertFalse(next(client, "child-updown").text("up").isPresent());
      assertFalse(next(client, "ike-updown").text("up").isPresent());
    }
  }

  @Test
  void tellsLinesWithTheirIkeSa() throws IOException {
    try (PacketChannel client = listener("log")) {
      happenings.tell(line("IKE_SA gw[7] established"));
      Section line = next(client, "log");
      assertEquals("gw", line.text("ikesa-name").orElseThrow());
      assertEquals("7", line.text("ikesa-uniqueid").orElseThrow());
      assertEquals("IKE_SA gw[7] established", line.text("msg").orElseThrow());
    }
  }

  @Test
  void tellsHowFarANegotiationOfIkev1HasCome() throws IOException {
    try (PacketChannel client = listener("espd-stage")) {
      Path path = new Path(SA.local().address(), 500, SA.remote().address(), Datagram.NAT_PORT);
      happenings.tell(
          new Happening.Reached(
              Snapshots.NOW, "gw", 7, IsakmpStage.MAIN_I3, path, Optional.empty()));
      happenings.tell(
          new Happening.Reached(
              Snapshots.NOW, "gw", 1, IsakmpStage.QUICK_I2, path, Optional.of(CHILD)));
      Section main = next(client, "espd-stage");
      assertEquals("gw", main.text("connection").orElseThrow());
      assertEquals("7", main.text("serial").orElseThrow());
      assertEquals("MAIN_I3", main.text("stage").orElseThrow());
      assertEquals("4500", main.text("remote-port").orElseThrow());
      assertFalse(main.section("child-sa").isPresent());
      Section child = next(client, "espd-stage").section("child-sa").orElseThrow();
      assertEquals("a98b7710", child.text("spi-out").orElseThrow());
    }
  }

  @Test
  void refusesEventsThatThereAreNot() throws IOException {
    try (PacketChannel client = listener()) {
      client.write(new Packet.EventRegister("alert"));
      assertEquals(new Packet.EventUnknown(), client.read().orElseThrow());
    }
  }

  /// A client that does not read keeps nobody waiting, and is not left to believe that it heard
  /// all.
  @Test
  void cutsOffWhoDoesNotRead() throws IOException {
    try (PacketChannel client = listener("log")) {
      String text = "x".repeat(1_000);
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            for (int i = 0; i < 20_000; i++) {
              happenings.tell(line(text));
            }
          });
      assertThrows(
          Exception.class,
          () -> {
            while (true) {
              client.read().orElseThrow();
            }
          });
    }
  }
}
