package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.dataplane.ipcomp.Compressor;
import espd.dataplane.ipcomp.Decompressor;
import espd.dataplane.ipcomp.IpcompHeader;
import espd.tun.packet.PacketBatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Somebody else's DEFLATE (RFC 1951): Python's zlib inflates what we deflate, and we what it does,
/// at each of its levels. Where there is no Python the test is skipped.
class ZlibTest {

  private final PacketBatch batch = new PacketBatch();
  private Process process;
  private BufferedReader answers;
  private PrintWriter questions;

  @BeforeEach
  void start() throws IOException {
    Path python = Path.of("/usr/bin/python3");
    assumeTrue(Files.isExecutable(python), "no python3 here");
    String script;
    try (var in = ZlibTest.class.getResourceAsStream("zlib_judge.py")) {
      script = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    process = new ProcessBuilder(python.toString(), "-c", script).start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    questions = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    assertEquals("ready", answers.readLine());
  }

  @AfterEach
  void end() {
    batch.close();
    if (process != null) {
      process.destroy();
    }
  }

  private byte[] ask(String verb, int level, byte[] octets) throws IOException {
    questions.println(verb + " " + level + " " + HexFormat.of().formatHex(octets));
    String answer = answers.readLine();
    assertEquals(-1, answer.indexOf("error"), answer);
    return HexFormat.of().parseHex(answer);
  }

  private int put(byte[] octets) {
    batch.clear();
    return batch.offset(batch.add(MemorySegment.ofArray(octets)));
  }

  private byte[] octets(int at, int count) {
    return batch.memory().asSlice(at, count).toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void zlibInflatesWhatWeDeflate() throws IOException {
    try (Compressor compressor = new Compressor()) {
      for (byte nextHeader : new byte[] {4, 6, 41, 58}) {
        for (int length : new int[] {100, 1400, 65_000}) {
          byte[] text = Compressing.text(length);
          int at = put(text);
          int header = IpcompHeader.of(nextHeader, Compressing.CPI);
          int compressed = compressor.compress(batch, at, text.length, header);
          assertNotEquals(text.length, compressed);
          byte[] payload = octets(at, compressed);
          assertArrayEquals(new byte[] {nextHeader, 0, 0x0c, 0x0d}, Arrays.copyOf(payload, 4));
          byte[] deflated = Arrays.copyOfRange(payload, IpcompHeader.OCTETS, compressed);
          assertArrayEquals(text, ask("inflate", 0, deflated));
        }
      }
    }
  }

  @Test
  void weInflateWhatZlibDeflates() throws IOException {
    try (Decompressor decompressor = new Decompressor()) {
      for (int length : new int[] {0, 100, 1400, 65_000}) {
        for (int level = 0; level <= 9; level++) {
          byte[] text = Compressing.text(length);
          byte[] deflated = ask("deflate", level, text);
          int at = put(Compressing.ipcomp(41, Compressing.CPI, deflated));
          int expanded = decompressor.expand(batch, at, IpcompHeader.OCTETS + deflated.length);
          assertTrue(expanded == text.length, () -> "" + expanded);
          decompressor.write(batch.memory(), at, expanded);
          assertArrayEquals(text, octets(at, expanded));
        }
      }
    }
  }
}
