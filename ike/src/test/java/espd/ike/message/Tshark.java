package espd.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An independent reader of our messages: Wireshark's dissector, where it is installed.
public final class Tshark {

  private static final int IKE_PORT = 500;
  private static final int IPV6_HEADER = 40;
  private static final int UDP_HEADER = 8;
  private static final int LINKTYPE_IPV6 = 229;
  private static final String FIRST = "20010db8000100010000000000000001";
  private static final String SECOND = "20010db8000200020000000000000002";

  private Tshark() {}

  /// {@return whether it is installed}
  public static boolean isInstalled() {
    return Files.isExecutable(Path.of("/usr/bin/tshark"));
  }

  /// {@return what it says about one message, in full}
  ///
  /// @param message from one IKE port to another
  /// @param options for tshark, such as keys
  public static String dissect(byte[] message, String... options)
      throws IOException, InterruptedException {
    return dissect(List.of(new Packet(false, message)), options);
  }

  /// {@return what it says about the messages of an exchange, in full}
  ///
  /// @param options for tshark, such as keys
  public static String dissect(List<Packet> exchange, String... options)
      throws IOException, InterruptedException {
    Path capture = Files.createTempFile("ike", ".pcap");
    try {
      Files.write(capture, capture(exchange));
      List<String> command = new ArrayList<>(List.of("/usr/bin/tshark", "-V", "-n", "-r"));
      command.add(capture.toString());
      command.addAll(List.of(options));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), text);
      return text;
    } finally {
      Files.delete(capture);
    }
  }

  /// One message.
  ///
  /// @param back whether it goes from the second host to the first
  /// @param message from one IKE port to another
  @SuppressWarnings("ArrayRecordComponent")
  public record Packet(boolean back, byte[] message) {}

  /// A capture file (draft-ietf-opsawg-pcap), IPv6 and UDP around each message.
  private static byte[] capture(List<Packet> packets) {
    int octets =
        packets.stream().mapToInt(p -> 16 + IPV6_HEADER + UDP_HEADER + p.message.length).sum();
    ByteBuffer file = ByteBuffer.allocate(24 + octets).order(ByteOrder.BIG_ENDIAN);
    file.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    file.putInt(65535).putInt(LINKTYPE_IPV6);
    packets.forEach(packet -> put(packet, file));
    return file.array();
  }

  private static void put(Packet packet, ByteBuffer file) {
    int udp = UDP_HEADER + packet.message.length;
    int octets = IPV6_HEADER + udp;
    file.putInt(0).putInt(0).putInt(octets).putInt(octets);
    file.putInt(0x60000000).putShort((short) udp).put((byte) 17).put((byte) 64);
    file.put(Bytes.ofHex(packet.back ? SECOND : FIRST).toArray());
    file.put(Bytes.ofHex(packet.back ? FIRST : SECOND).toArray());
    file.putShort((short) IKE_PORT).putShort((short) IKE_PORT);
    file.putShort((short) udp).putShort((short) 0);
    file.put(packet.message);
  }
}
