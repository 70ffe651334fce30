package espd.spd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Secrets are copied, lent, wiped and never printed.
class KeyMaterialTest {

  @Test
  void copiesSoThatTheCallerMayWipe() {
    byte[] octets = {1, 2, 3};
    try (KeyMaterial key = KeyMaterial.copyOf(octets)) {
      octets[0] = 0;
      assertArrayEquals(new byte[] {1, 2, 3}, key.use(byte[]::clone));
      assertEquals(3, key.length());
    }
  }

  @Test
  void wipesItsOctetsAndIsNotLentAgain() {
    KeyMaterial key = KeyMaterial.copyOf(new byte[] {1, 2, 3});
    byte[] lent = key.use(octets -> octets);
    key.close();
    key.close();
    assertArrayEquals(new byte[3], lent);
    assertThrows(IllegalStateException.class, () -> key.use(octets -> octets));
    assertEquals(3, key.length());
  }

  @Test
  void printsNothingOfTheSecret() {
    try (KeyMaterial key = KeyMaterial.copyOf("secret".getBytes(StandardCharsets.UTF_8))) {
      assertEquals("<6 octets, redacted>", key.toString());
    }
    assertEquals(0, KeyMaterial.none().length());
  }

  @Test
  void staysSecretInEverythingThatHoldsIt() {
    InboundSa sa = SaSample.ofSpi(0x1000).inbound();
    assertFalse(sa.parameters().toString().contains("abcdef"));
    assertTrue(sa.parameters().toString().contains("redacted"));
    assertEquals("sample 0x00001000 INBOUND", sa.toString());
  }
}
