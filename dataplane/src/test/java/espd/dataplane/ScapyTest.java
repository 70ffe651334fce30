package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Somebody else's ESP: scapy opens what the data plane seals, and the data plane what scapy seals.
/// Where there is no scapy the test is skipped.
class ScapyTest {

  private static Optional<Scapy> scapy = Optional.empty();

  @BeforeAll
  static void starts() throws IOException {
    scapy = Scapy.start();
    assumeTrue(scapy.isPresent(), "no python3 with scapy here");
  }

  @AfterAll
  static void stops() throws IOException {
    if (scapy.isPresent()) {
      scapy.get().close();
    }
  }

  /// scapy knows extended numbers under AEADs only, so those of CBC with HMAC are left to the known
  /// answers.
  @ParameterizedTest
  @CsvSource({
    "AES_GCM_16, 128, NONE, false",
    "AES_GCM_16, 256, NONE, true",
    "CHACHA20_POLY1305, 256, NONE, false",
    "CHACHA20_POLY1305, 256, NONE, true",
    "TRIPLE_DES_CBC, 192, HMAC_MD5_96, false",
    "NULL, 0, HMAC_SHA2_256_128, false",
    "AES_CBC, 128, HMAC_SHA1_96, false",
    "AES_CBC, 256, HMAC_SHA2_256_128, false",
    "AES_CBC, 192, HMAC_SHA2_384_192, false",
    "AES_CBC, 256, HMAC_SHA2_512_256, false"
  })
  void eachOpensWhatTheOtherSeals(Encryption encryption, int bits, Integrity integrity, boolean esn)
      throws IOException {
    for (Mode mode : Mode.values()) {
      Host.Sa sa = new Host.Sa(new EspSuite(encryption, bits, integrity), mode, esn, null);
      try (Host a = Host.a(mode);
          Host b = Host.b(mode)) {
        a.sends(sa);
        b.receives(sa);
        for (int octets : new int[] {0, 5, 11, 1200}) {
          byte[] packet =
              Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, 6000, octets));
          opensOurs(a, sa, packet);
          weOpenIts(b, sa, packet, octets + 1);
        }
        byte[] options =
            Packets.extension(Packets.DESTINATION_OPTIONS, Packets.extension(17, packetOf(9)));
        opensOurs(a, sa, Packets.ipv6(Host.A, Host.B, Packets.HOP_BY_HOP, options));
      }
    }
  }

  private static byte[] packetOf(int octets) {
    return Packets.udp(5000, 6000, octets);
  }

  private static void opensOurs(Host a, Host.Sa sa, byte[] packet) throws IOException {
    Wire sealed = a.protect(packet);
    byte[] opened = theScapy().ask("open", sa, 0, sealed.octets());
    assertArrayEquals(packet, opened, () -> HexFormat.of().formatHex(opened));
  }

  private static void weOpenIts(Host b, Host.Sa sa, byte[] packet, int number) throws IOException {
    byte[] sealed = theScapy().ask("seal", sa, number, packet);
    b.arrives(new Wire(Host.A, 0, Host.B, 0, 0, sealed));
    byte[] expected = packet.clone();
    if (sa.mode() == Mode.TRANSPORT) {
      expected[7] = QueueUnderlay.HOP_LIMIT;
    }
    byte[] delivered = b.nextDelivered();
    assertArrayEquals(expected, delivered, () -> HexFormat.of().formatHex(delivered));
  }

  private static Scapy theScapy() {
    return scapy.orElseThrow();
  }

  /// The other end of a pipe.
  private record Scapy(Process process, BufferedReader answers, PrintWriter questions) {

    static Optional<Scapy> start() throws IOException {
      Path python = Path.of("/usr/bin/python3");
      if (!Files.isExecutable(python)) {
        return Optional.empty();
      }
      String script;
      try (var in = ScapyTest.class.getResourceAsStream("scapy_esp.py")) {
        script = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      }
      Process process =
          new ProcessBuilder(python.toString(), "-c", script)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      PrintWriter questions =
          new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
      return "ready".equals(answers.readLine())
          ? Optional.of(new Scapy(process, answers, questions))
          : Optional.empty();
    }

    byte[] ask(String verb, Host.Sa sa, int number, byte[] packet) throws IOException {
      EspSuite suite = sa.suite();
      boolean aead = suite.integrity() == Integrity.NONE;
      HexFormat hex = HexFormat.of();
      questions.println(
          String.join(
              " ",
              verb,
              sa.mode().name().toLowerCase(Locale.ROOT),
              cipher(suite.encryption()),
              suite.encryption() == Encryption.NULL
                  ? "-"
                  : hex.formatHex(Host.counting(suite.encryptionKeyOctets(), 1)),
              aead
                  ? "-"
                  : suite.integrity().name().replaceFirst("HMAC_SHA2", "SHA2").replace('_', '-'),
              aead ? "-" : hex.formatHex(Host.counting(suite.integrity().keyOctets(), 101)),
              Integer.toString(Host.SPI),
              Integer.toString(number),
              sa.esn() ? "0" : "-",
              Host.A.toString(),
              Host.B.toString(),
              hex.formatHex(packet)));
      String answer = answers.readLine();
      assertEquals(-1, answer.indexOf("error"), answer);
      return hex.parseHex(answer);
    }

    private static String cipher(Encryption encryption) {
      return switch (encryption) {
        case TRIPLE_DES_CBC -> "3DES";
        case NULL -> "NULL";
        case AES_CBC -> "AES-CBC";
        case AES_GCM_16 -> "AES-GCM";
        case CHACHA20_POLY1305 -> "CHACHA20-POLY1305";
      };
    }

    void close() throws IOException {
      questions.close();
      answers.close();
      process.destroy();
    }
  }
}
