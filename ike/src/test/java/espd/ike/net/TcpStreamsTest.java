package espd.ike.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// TCP encapsulation on the loopback interface (RFC 9329).
final class TcpStreamsTest {

  private static final Ipv6Address LOOPBACK = Ipv6Address.parse("::1");
  private static final int OURS = Datagram.FIRST_STREAM + 2;
  private static final TcpStreams.Limits LIMITS =
      new TcpStreams.Limits(8, 4, Duration.ofMillis(700));

  /// What one end is given.
  private static final class Heard implements TcpStreams.Receiver {
    final LinkedBlockingQueue<Datagram> messages = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<byte[]> packets = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<DropReason> refused = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Integer> broken = new LinkedBlockingQueue<>();

    @Override
    public void ikeMessage(Datagram datagram) {
      messages.add(datagram);
    }

    @Override
    public void espPacket(Datagram ends, ByteBuffer packet) {
      byte[] octets = new byte[packet.remaining()];
      packet.get(octets);
      packets.add(octets);
    }

    @Override
    public void refused(DropReason why) {
      refused.add(why);
    }

    @Override
    public void broken(int localPort) {
      broken.add(localPort);
    }
  }

  private static <T> T next(LinkedBlockingQueue<T> queue) throws InterruptedException {
    return Objects.requireNonNull(queue.poll(5, TimeUnit.SECONDS), "nothing came");
  }

  private final Heard here = new Heard();
  private final Heard there = new Heard();
  private final TcpStreams initiator = new TcpStreams(new EpollTcp(0), here, LIMITS);
  private final TcpStreams responder = new TcpStreams(new EpollTcp(0), there, LIMITS);
  private int port;

  @BeforeEach
  void listens() throws IOException {
    port = responder.listen(LOOPBACK, 0);
  }

  @AfterEach
  void close() {
    initiator.close();
    responder.close();
  }

  private Datagram message(int... octets) {
    byte[] payload = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      payload[i] = (byte) octets[i];
    }
    return new Datagram(LOOPBACK, OURS, LOOPBACK, port, payload);
  }

  private static Datagram answer(Datagram to, byte[] payload) {
    return new Datagram(to.local(), to.localPort(), to.remote(), to.remotePort(), payload);
  }

  @Test
  void oneStreamCarriesIkeAndEspBothWaysInOrder() throws Exception {
    initiator.send(message(1, 2, 3));
    Datagram came = next(there.messages);
    assertArrayEquals(new byte[] {1, 2, 3}, came.payload());
    assertTrue(Datagram.isStream(came.localPort()));
    responder.send(answer(came, new byte[] {9}));
    assertArrayEquals(new byte[] {9}, next(here.messages).payload());
    for (int n = 1; n <= 1000; n++) {
      assertTrue(initiator.sendEsp(OURS, ByteBuffer.allocate(40).putInt(0, n)));
    }
    for (int n = 1; n <= 1000; n++) {
      assertEquals(n, ByteBuffer.wrap(next(there.packets)).getInt());
    }
    assertTrue(responder.sendEsp(came.localPort(), ByteBuffer.allocate(65_533).putInt(0, 7)));
    assertEquals(65_533, next(here.packets).length);
  }

  /// RFC 9329 §4: the prefix once, then frames (§3): the length counts itself, IKE has the non-ESP
  /// marker.
  @Test
  void whatIsSentIsAsTheRfcHasIt() throws Exception {
    try (java.net.ServerSocket peer = new java.net.ServerSocket(0, 1, LOOPBACK.toInetAddress())) {
      port = peer.getLocalPort();
      initiator.send(message(0xab, 0xcd));
      try (Socket accepted = peer.accept()) {
        InputStream in = accepted.getInputStream();
        assertArrayEquals("IKETCP".getBytes(StandardCharsets.US_ASCII), in.readNBytes(6));
        assertArrayEquals(HexFormat.of().parseHex("000800000000abcd"), in.readNBytes(8));
        while (!initiator.sendEsp(OURS, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}))) {
          Thread.sleep(10);
        }
        assertArrayEquals(HexFormat.of().parseHex("00070102030405"), in.readNBytes(7));
      }
    }
  }

  /// RFC 9329 §6.2: TCP repeats what is lost; IKE repeats only through another connection.
  @Test
  void aRetransmissionGoesOnlyThroughAnotherConnection() throws Exception {
    initiator.send(message(1));
    Datagram came = next(there.messages);
    initiator.keep(OURS);
    initiator.send(message(1));
    initiator.send(message(2));
    assertArrayEquals(new byte[] {2}, next(there.messages).payload());
    responder.keep(came.localPort());
    responder.close(came.localPort());
    assertEquals(OURS, next(here.broken));
    assertFalse(initiator.sendEsp(OURS, ByteBuffer.allocate(8)), "there is no connection");
    initiator.send(message(2));
    Datagram again = next(there.messages);
    assertArrayEquals(new byte[] {2}, again.payload());
    assertTrue(again.localPort() != came.localPort());
  }

  /// A peer that does not read holds up nobody, and what waits for it is bounded.
  @Test
  void espIsDroppedWhenAPeerTakesTooLittle() throws Exception {
    try (java.net.ServerSocket peer = new java.net.ServerSocket(0, 1, LOOPBACK.toInetAddress())) {
      port = peer.getLocalPort();
      initiator.send(message(1));
      try (Socket accepted = peer.accept()) {
        accepted.getInputStream().readNBytes(13);
        int taken = 0;
        boolean full = false;
        for (int n = 0; n < 100_000 && !full; n++) {
          boolean sent = initiator.sendEsp(OURS, ByteBuffer.allocate(1400).putInt(0, 1));
          taken += sent ? 1 : 0;
          full = taken > 0 && !sent;
        }
        assertTrue(full, "all of " + taken + " packets were taken");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          no prefix,           474554202f20485454502f312e31
          prefix cut short,    494b45545858
          length 0,            494b455443500000
          length 1,            494b455443500001
          length 2,            494b455443500002
          """)
  void aConnectionThatIsNotIkesIsClosed(String what, String octets) throws Exception {
    try (Socket stranger = new Socket(LOOPBACK.toInetAddress(), port)) {
      stranger.getOutputStream().write(HexFormat.of().parseHex(octets));
      stranger.setSoTimeout(5_000);
      assertEquals(-1, stranger.getInputStream().read(), what);
      assertTrue(Set.of(DropReason.NOT_IKETCP, DropReason.BAD_FRAME).contains(next(there.refused)));
    }
  }

  /// RFC 9329 §10: connections without an IKE SA cost little, and not for long.
  @Test
  void silentConnectionsAreFewAndShort() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Socket stranger = new Socket();
      stranger.connect(new InetSocketAddress(LOOPBACK.toInetAddress(), port));
      strangers.add(stranger);
    }
    for (int i = 0; i < 36; i++) {
      assertEquals(DropReason.TOO_MANY_STREAMS, next(there.refused));
    }
    assertTrue(responder.count() <= 4);
    for (int i = 0; i < 4; i++) {
      assertEquals(DropReason.STREAM_WITHOUT_SA, next(there.refused));
    }
    for (Socket stranger : strangers) {
      stranger.setSoTimeout(5_000);
      assertEquals(-1, stranger.getInputStream().read());
      stranger.close();
    }
    for (int i = 0; i < 100 && responder.count() > 0; i++) {
      Thread.sleep(20);
    }
    assertEquals(0, responder.count());
  }
}
