package espd.daemon.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import espd.ike.driver.StandingKeys;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Sadb;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyLogTest {

  private static final EspSuite CBC = new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96);
  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final EspSuite CHACHA =
      new EspSuite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE);

  private final Sadb sadb = new Sadb(InstantSource.system(), new Random(1));
  private final List<String> lines = new ArrayList<>();

  private KeyLog start(Table... tables) {
    return KeyLog.start(
        new KeyLog.Source(sadb, new StandingKeys()),
        Set.of(tables),
        line -> lines.add(StandardCharsets.US_ASCII.decode(line.octets()).toString()));
  }

  @Test
  void tellsWhatStandsAndWhatComesUntilItIsClosed() {
    sadb.install(Sas.inbound(0x11111111, CBC));
    try (KeyLog _ = start(Table.ESP_SA)) {
      sadb.install(Sas.outbound(0x22222222, GCM));
    }
    sadb.install(Sas.outbound(0x33333333, GCM));
    assertEquals(
        List.of(
            """
            "IPv6","2001:db8:2:2::2","2001:db8:1:1::1","0x11111111","AES-CBC [RFC3602]",\
            "0x0102030405060708090a0b0c0d0e0f10","HMAC-SHA-1-96 [RFC2404]",\
            "0x0102030405060708090a0b0c0d0e0f1011121314"
            """,
            """
            "IPv6","2001:db8:1:1::1","2001:db8:2:2::2","0x22222222",\
            "AES-GCM with 16 octet ICV [RFC4106]","0x0102030405060708090a0b0c0d0e0f1011121314",\
            "NULL",""
            """),
        lines);
  }

  @Test
  void commentsWhatAnOlderWiresharkWouldRefuseTheFileFor() {
    sadb.install(Sas.outbound(0x22222222, CHACHA));
    try (KeyLog _ = start(Table.ESP_SA)) {
      assertEquals('#', lines.getFirst().charAt(0));
    }
  }

  @Test
  void givesTcpdumpWhatItCanAndSaysWhatItCannot() {
    sadb.install(Sas.outbound(0x22222222, CBC));
    sadb.install(Sas.inbound(0x33333333, GCM));
    try (KeyLog _ = start(Table.TCPDUMP)) {
      assertEquals(
          List.of(
              "0x22222222@2001:db8:2:2::2 aes128-cbc-hmac96:0x0102030405060708090a0b0c0d0e0f10\n",
              "#0x33333333@2001:db8:1:1::1 AES_GCM_16_128: tcpdump does not decrypt it\n"),
          lines);
    }
  }

  @Test
  void aLineSaysNothingOfItsKeysAndIsWiped() {
    KeyLine line = EspSaLine.of(Sas.outbound(0x22222222, CBC));
    assertFalse(line.toString().contains("0102"), line.toString());
    line.close();
    assertEquals(0, line.octets().remaining());
  }
}
