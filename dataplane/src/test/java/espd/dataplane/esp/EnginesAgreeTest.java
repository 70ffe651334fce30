package espd.dataplane.esp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever engine a packet was sealed by, every other opens it, and none opens another (RFC 4303
/// §3.3.2, §3.4.4).
class EnginesAgreeTest {

  private static final int CASES = 300;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  static Stream<Arguments> pairs() {
    return Stream.of(EngineUnderTest.values())
        .flatMap(one -> Stream.of(EngineUnderTest.values()).map(other -> Arguments.of(one, other)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void oneOpensWhatTheOtherSealed(EngineUnderTest one, EngineUnderTest other) {
    EspEngine sealer = one.engine();
    EspEngine opener = other.engine();
    List<EspSuite> suites =
        Engines.suites().stream().filter(sealer::supports).filter(opener::supports).toList();
    Random random = new Random(4303);
    for (int n = 0; n < CASES; n++) {
      EspSuite suite = suites.get(random.nextInt(suites.size()));
      int[] octets = new int[1 + random.nextInt(8)];
      int bound = n % 10 == 0 ? 65_000 : 1500;
      Arrays.setAll(octets, i -> Packets.octets(suite, random, bound));
      // The shortest that has an IV and an ICV. It has no trailer, which its receiver finds then.
      octets[0] = n % 4 == 0 ? 0 : octets[0];
      try (Packets packets = new Packets(suite, random.nextBoolean(), random, octets);
          EspCipher sealing = sealer.sealing(packets.sa);
          EspCipher opening = opener.opening(packets.sa)) {
        byte[] plain = packets.octets();
        sealing.process(packets.run);
        assertOnlyPacketsChanged(packets, plain);
        opening.process(packets.run);
        assertOpened(packets, plain);
      }
    }
  }

  private static void assertOnlyPacketsChanged(Packets packets, byte[] plain) {
    byte[] sealed = packets.octets();
    int last = 0;
    for (int i = 0; i < packets.run.count; i++) {
      int at = packets.run.at[i];
      // SPI and sequence number travel as they are.
      assertArrayEquals(
          Arrays.copyOfRange(plain, last, at + EspHeader.OCTETS),
          Arrays.copyOfRange(sealed, last, at + EspHeader.OCTETS));
      last = at + packets.run.octets[i];
    }
    assertArrayEquals(
        Arrays.copyOfRange(plain, last, plain.length),
        Arrays.copyOfRange(sealed, last, plain.length));
  }

  private static void assertOpened(Packets packets, byte[] plain) {
    byte[] opened = packets.octets();
    for (int i = 0; i < packets.run.count; i++) {
      int from = packets.bodyAt(i);
      int to = packets.icvAt(i);
      assertTrue(packets.run.authentic[i], packets.sa.suite()::toString);
      assertArrayEquals(
          Arrays.copyOfRange(plain, from, to),
          Arrays.copyOfRange(opened, from, to),
          packets.sa.suite()::toString);
    }
  }

  /// Whichever bit of a packet changes on its way, but those of the sequence number, which the
  /// receiver puts together itself: the packet is not authentic, and the next one is.
  @ParameterizedTest
  @EnumSource
  void noBitCanBeChanged(EngineUnderTest engine) {
    Random random = new Random(1);
    for (EspSuite suite : Engines.suites()) {
      if (engine.engine().supports(suite)) {
        for (boolean esn : new boolean[] {false, true}) {
          noBitCanBeChanged(engine.engine(), suite, esn, random);
        }
      }
    }
  }

  private static void noBitCanBeChanged(
      EspEngine engine, EspSuite suite, boolean esn, Random random) {
    int octets = 2 * suite.encryption().blockOctets();
    try (Packets packets = new Packets(suite, esn, random, octets, octets);
        EspCipher sealing = engine.sealing(packets.sa);
        EspCipher opening = engine.opening(packets.sa)) {
      sealing.process(packets.run);
      byte[] sealed = packets.octets();
      for (int bit = 0; bit < 8 * packets.run.octets[0]; bit++) {
        if (bit / Integer.SIZE != 1) {
          packets.octets(sealed);
          packets.flip(0, bit);
          opening.process(packets.run);
          int which = bit;
          assertFalse(packets.run.authentic[0], () -> suite + " bit " + which);
          assertTrue(packets.run.authentic[1], () -> suite + " after bit " + which);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherHighHalfOfTheNumberIsNotAuthentic(EngineUnderTest engine) {
    Random random = new Random(1);
    for (EspSuite suite : Engines.suites()) {
      if (engine.engine().supports(suite)) {
        try (Packets packets = new Packets(suite, true, random, 48);
            EspCipher sealing = engine.engine().sealing(packets.sa);
            EspCipher opening = engine.engine().opening(packets.sa)) {
          sealing.process(packets.run);
          packets.run.number[0] += 1L << 32;
          opening.process(packets.run);
          assertFalse(packets.run.authentic[0], suite::toString);
        }
      }
    }
  }

  /// The IV of an AEAD is the whole sequence number (RFC 4106 §3.1).
  @ParameterizedTest
  @EnumSource
  void anAeadsIvIsTheNumber(EngineUnderTest engine) {
    EspSuite suite = new EspSuite(Encryption.AES_GCM_16, 256, Integrity.NONE);
    try (Packets packets = new Packets(suite, true, new Random(1), 20);
        EspCipher sealing = engine.of(suite).sealing(packets.sa)) {
      sealing.process(packets.run);
      assertEquals(
          packets.run.number[0], packets.memory.get(LONG, packets.run.at[0] + EspHeader.OCTETS));
    }
  }

  /// The IV of CBC is the encryption of a secret with the number behind it (RFC 3602 §3, NIST SP
  /// 800-38A, Appendix C): the same secret for each packet, another for each context.
  @ParameterizedTest
  @EnumSource
  void aCbcIvIsAnEncryptedBlockThatNeverRepeats(EngineUnderTest engine)
      throws GeneralSecurityException {
    EspSuite suite = new EspSuite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA1_96);
    try (Packets packets = new Packets(suite, true, new Random(1), 32, 32, 32);
        EspCipher sealing = engine.of(suite).sealing(packets.sa);
        EspCipher again = engine.of(suite).sealing(packets.sa)) {
      sealing.process(packets.run);
      long secret = decryptedIvs(packets);
      again.process(packets.run);
      assertNotEquals(secret, decryptedIvs(packets));
    }
  }

  private static long decryptedIvs(Packets packets) throws GeneralSecurityException {
    Cipher block = Cipher.getInstance("AES/ECB/NoPadding");
    SecretKeySpec key = packets.sa.encryptionKey().use(octets -> new SecretKeySpec(octets, "AES"));
    block.init(Cipher.DECRYPT_MODE, key);
    MemorySegment ivs = MemorySegment.ofArray(new byte[16 * packets.run.count]);
    for (int i = 0; i < packets.run.count; i++) {
      MemorySegment.copy(packets.memory, packets.run.at[i] + EspHeader.OCTETS, ivs, 16L * i, 16);
    }
    MemorySegment decrypted =
        MemorySegment.ofArray(block.doFinal(ivs.toArray(ValueLayout.JAVA_BYTE)));
    for (int i = 0; i < packets.run.count; i++) {
      assertEquals(decrypted.get(LONG, 0), decrypted.get(LONG, 16L * i));
      assertEquals(packets.run.number[i], decrypted.get(LONG, 16L * i + 8));
    }
    return decrypted.get(LONG, 0);
  }
}
