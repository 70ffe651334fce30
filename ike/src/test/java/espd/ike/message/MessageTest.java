package espd.ike.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// RFC 7296 §3.1, §3.2: header and chain of payloads.
class MessageTest {

  private static final Header HEADER =
      new Header(Samples.SPI_I, Samples.SPI_R, Header.INFORMATIONAL, Header.RESPONSE, 0xffff_fffe);

  static List<Payload> everyPayload() {
    return Samples.everyPayload();
  }

  @ParameterizedTest
  @MethodSource("everyPayload")
  void readsEachPayloadAsItWasWritten(Payload payload) throws MalformedException {
    Message message = new Message(HEADER, List.of(payload));
    assertEquals(message, Message.read(message.write()));
  }

  @Test
  void readsAMessageOfAllPayloadsAsItWasWritten() throws MalformedException {
    Message message = new Message(HEADER, Samples.everyPayload());
    assertEquals(message, Message.read(message.write()));
    assertEquals(
        message.payloads(),
        Payloads.read(Payloads.firstType(message.payloads()), Payloads.write(message.payloads())));
  }

  @Test
  void readsAnEmptyInformationalMessage() throws MalformedException {
    Message message = new Message(HEADER, List.of());
    byte[] octets = message.write();
    assertEquals(Header.OCTETS, octets.length);
    assertEquals(message, Message.read(octets));
  }

  @Test
  void writesTheHeaderOfRfc7296Section31() {
    assertEquals(
        "0102030405060708 1112131415161718 00 20 25 20 fffffffe 0000001c".replace(" ", ""),
        Bytes.of(new Message(HEADER, List.of()).write()).toString());
  }

  @Test
  void takesWhatIsEncryptedAsTheLastPayload() throws MalformedException {
    // RFC 7296 §3.14: its next payload is the type of the first payload inside.
    Encrypted sk = new Encrypted(IdInitiator.TYPE, Samples.octets(40));
    Message message = new Message(HEADER, List.of(sk));
    byte[] octets = message.write();
    assertEquals(message, Message.read(octets));
    byte[] prefix = Message.encryptedPrefix(HEADER, IdInitiator.TYPE, 40);
    assertArrayEquals(prefix, Arrays.copyOf(octets, prefix.length));
  }

  @Test
  void readsAFragment() throws MalformedException {
    Message message =
        new Message(HEADER, List.of(new EncryptedFragment(35, 1, 2, Samples.octets(40))));
    assertEquals(message, Message.read(message.write()));
    assertEquals("INFORMATIONAL response 4294967294 [ EF(1/2) ]", message.toString());
  }

  @Test
  void printsAsStrongSwanDoes() {
    assertEquals(
        "IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) V ]",
        Samples.ikeSaInit().toString());
    assertEquals(
        "IKE_AUTH request 1 [ IDi IDr AUTH N(USE_TRANSP) SA TSi TSr ]",
        Samples.ikeAuth().toString());
    assertEquals("(99) request 0 [ N((12345)) (200) ]", unknowns().toString());
  }

  private static Message unknowns() {
    return new Message(
        new Header(1, 2, 99, 0, 0),
        List.of(Notify.of(12345), new Unknown(200, false, Bytes.EMPTY)));
  }

  @Test
  void refusesEveryPrefix() {
    for (Message message : List.of(Samples.ikeSaInit(), Samples.ikeAuth())) {
      byte[] octets = message.write();
      for (int length = 0; length < octets.length; length++) {
        byte[] prefix = Arrays.copyOf(octets, length);
        assertThrows(MalformedException.class, () -> Message.read(prefix));
        if (length >= Header.OCTETS) {
          // The same with a length in the header that fits.
          prefix[26] = (byte) (length >>> 8);
          prefix[27] = (byte) length;
          assertThrows(MalformedException.class, () -> Message.read(prefix));
        }
      }
    }
  }

  @Test
  void refusesOctetsBehindTheMessage() {
    byte[] octets = Samples.ikeSaInit().write();
    assertThrows(
        MalformedException.class, () -> Message.read(Arrays.copyOf(octets, octets.length + 1)));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "3", "15"})
  void saysSoWhenTheMajorVersionIsAnother(int version) {
    // RFC 7296 §2.5: answered with INVALID_MAJOR_VERSION, with the SPIs of the request.
    byte[] octets = Samples.ikeSaInit().write();
    octets[17] = (byte) (version << 4);
    InvalidMajorVersionException refusal =
        assertThrows(InvalidMajorVersionException.class, () -> Message.read(octets));
    assertEquals(version, refusal.majorVersion());
    assertEquals(Samples.SPI_I, refusal.header().spiI());
  }

  @Test
  void takesAnyMinorVersion() throws MalformedException {
    // RFC 7296 §2.5: minor version numbers are ignored.
    byte[] octets = Samples.ikeSaInit().write();
    octets[17] = 0x2f;
    assertEquals(Samples.ikeSaInit(), Message.read(octets));
  }

  @Test
  void saysSoWhenAnUnknownPayloadIsCritical() {
    // RFC 7296 §2.5: answered with UNSUPPORTED_CRITICAL_PAYLOAD.
    byte[] octets = new Message(HEADER, List.of(new Unknown(200, true, Samples.octets(3)))).write();
    UnsupportedCriticalPayloadException refusal =
        assertThrows(UnsupportedCriticalPayloadException.class, () -> Message.read(octets));
    assertEquals(200, refusal.payloadType());
  }

  @Test
  void ignoresTheCriticalBitOfAPayloadItKnows() throws MalformedException {
    // RFC 7296 §3.2.
    Message message = new Message(HEADER, List.of(new VendorId(Samples.octets(3))));
    byte[] octets = message.write();
    octets[Header.OCTETS + 1] = (byte) 0xff;
    assertEquals(message, Message.read(octets));
  }

  @Test
  void refusesMorePayloadsThanItsLimit() throws MalformedException {
    Payload v = new VendorId(Bytes.EMPTY);
    byte[] most = new Message(HEADER, Collections.nCopies(Payloads.MAX_PAYLOADS, v)).write();
    assertEquals(Payloads.MAX_PAYLOADS, Message.read(most).payloads().size());
    byte[] more = new Message(HEADER, Collections.nCopies(Payloads.MAX_PAYLOADS + 1, v)).write();
    assertThrows(MalformedException.class, () -> Message.read(more));
  }

  @Test
  void readsTheLargestMessageAndNoLarger() throws MalformedException {
    int room = Message.MAX_OCTETS - Header.OCTETS - PayloadChain.GENERIC_HEADER_OCTETS;
    Message largest = new Message(HEADER, List.of(new VendorId(Samples.octets(room))));
    assertEquals(largest, Message.read(largest.write()));
    Message larger = new Message(HEADER, List.of(new VendorId(Samples.octets(room + 1))));
    assertThrows(IllegalStateException.class, larger::write);
    byte[] tooLong = new byte[Message.MAX_OCTETS + 1];
    assertThrows(MalformedException.class, () -> Message.read(tooLong));
  }

  @Test
  void nothingButMalformedExceptionComesOfRandomOctets() {
    Random random = new Random(20260101);
    List<byte[]> valid = new ArrayList<>();
    valid.add(Samples.ikeSaInit().write());
    valid.add(Samples.ikeAuth().write());
    valid.add(new Message(HEADER, Samples.everyPayload()).write());
    int readable = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] octets = mutated(valid.get(random.nextInt(valid.size())), random);
      try {
        Message message = Message.read(octets);
        // Whatever can be read can be printed, written and read again.
        assertTrue(message.toString().endsWith("]"));
        byte[] written = message.write();
        assertArrayEquals(written, Message.read(written).write());
        readable++;
      } catch (MalformedException expected) {
        assertTrue(expected.getMessage() != null && expected.getStackTrace().length == 0);
      }
    }
    assertTrue(readable > 1000, "mutations are too coarse: " + readable);
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] octets = valid.clone();
    if (random.nextInt(8) == 0) {
      byte[] noise = new byte[random.nextInt(octets.length - Header.OCTETS)];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, octets, Header.OCTETS, noise.length);
    }
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      octets[Header.OCTETS + random.nextInt(octets.length - Header.OCTETS)] =
          (byte) random.nextInt(256);
    }
    return octets;
  }
}
