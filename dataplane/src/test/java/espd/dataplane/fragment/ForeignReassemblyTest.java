package espd.dataplane.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Others put together what we cut (RFC 8200 §4.5).
@Timeout(60)
class ForeignReassemblyTest {

  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final HexFormat HEX = HexFormat.of();

  private final Random random = new Random(8200);
  private final Fragmentation fragmentation = new Fragmentation(new Identifications(random));

  /// In their order only: scapy does not sort them. Where there is no scapy the test is skipped.
  @Test
  void scapyPutsThePacketTogether() throws IOException {
    assumeTrue(Files.isExecutable(PYTHON), "no python3 here");
    try (Script scapy = new Script(PYTHON.toString(), "-c", script(), "scapy")) {
      assumeTrue(scapy.isReady(), "no scapy here");
      for (int octets : new int[] {1300, 3000, 20_000, 60_000}) {
        byte[] packet = Fragments.packet(50, Fragments.data(0, octets));
        assertEquals(HEX.formatHex(packet), scapy.ask(cut(packet)));
        byte[] behindOptions = Fragments.packet(0, udpBehindOptions(octets));
        assertEquals(HEX.formatHex(behindOptions), scapy.ask(cut(behindOptions)));
      }
    }
  }

  /// The Linux kernel does, and hands the datagram to its socket.
  @Test
  @Tag("lab")
  void linuxPutsThePacketTogether() throws IOException {
    String loopback = "0".repeat(31) + "1";
    try (Script kernel =
        new Script("unshare", "--net", PYTHON.toString(), "-c", script(), "kernel")) {
      assertTrue(kernel.isReady(), "needs root and python3");
      for (int octets : new int[] {1300, 3000, 20_000, 60_000}) {
        byte[] packet = Fragments.packet(loopback + loopback, 0, udpBehindOptions(octets));
        String carried = HEX.formatHex(Fragments.data(0, octets));
        assertEquals(carried, kernel.ask(shuffled(packet)));
      }
    }
  }

  private List<byte[]> cut(byte[] packet) {
    return Fragments.cut(fragmentation, packet, 1280);
  }

  private List<byte[]> shuffled(byte[] packet) {
    List<byte[]> fragments = new ArrayList<>(cut(packet));
    Collections.shuffle(fragments, random);
    return fragments;
  }

  private static byte[] udpBehindOptions(int octets) {
    return ByteBuffer.allocate(16 + octets)
        .put(new byte[] {Fragments.UDP, 0, 1, 4, 0, 0, 0, 0})
        .putShort((short) 5000)
        .putShort((short) 6000)
        .putShort((short) (8 + octets))
        .putShort((short) 0)
        .put(Fragments.data(0, octets))
        .array();
  }

  private static String script() throws IOException {
    try (var in = ForeignReassemblyTest.class.getResourceAsStream("reassembly.py")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// The other end of a pipe.
  private static final class Script implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter questions;

    Script(String... command) throws IOException {
      this.process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      this.answers = process.inputReader(StandardCharsets.UTF_8);
      this.questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    boolean isReady() throws IOException {
      return "ready".equals(answers.readLine());
    }

    String ask(List<byte[]> fragments) throws IOException {
      questions.println(String.join(" ", fragments.stream().map(HEX::formatHex).toList()));
      return answers.readLine();
    }

    @Override
    public void close() throws IOException {
      questions.close();
      answers.close();
      process.destroy();
    }
  }
}
