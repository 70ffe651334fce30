package espd.dataplane.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import espd.spd.AddressRange;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.SaParameters;
import espd.spd.Sadb;
import espd.spd.Selector;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A worker's ciphers: one for each SA, gone with it (RFC 4301 §4.4.2.1).
class EspContextsTest {

  private final Sadb sadb = new Sadb(InstantSource.system(), new Random(1));
  private final EspContexts contexts = new EspContexts(new SunJce());

  private static OutboundSa sa(int spi, KeyMaterial key) {
    return new OutboundSa(
        new SaParameters(
            spi,
            "test",
            1,
            Mode.TUNNEL,
            Ipv6Address.UNSPECIFIED,
            Ipv6Address.UNSPECIFIED,
            Optional.empty(),
            new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE),
            key,
            KeyMaterial.none(),
            false,
            0,
            Lifetime.UNLIMITED,
            OuterTraffic.DEFAULT,
            List.of(Selector.between(AddressRange.ANY, AddressRange.ANY)),
            Instant.EPOCH));
  }

  @Test
  void anSaHasOneCipherUntilItLeavesTheSad() {
    OutboundSa first = sa(1000, KeyMaterial.copyOf(new byte[20]));
    OutboundSa second = sa(2000, KeyMaterial.copyOf(new byte[20]));
    sadb.install(first);
    sadb.install(second);
    contexts.follow(sadb.sad());
    EspCipher cipher = contexts.of(first);
    assertNotNull(cipher);
    assertNotNull(contexts.of(second));
    contexts.follow(sadb.sad());
    assertSame(cipher, contexts.of(first));
    assertEquals(2, contexts.size());
    sadb.remove(second);
    contexts.follow(sadb.sad());
    assertEquals(1, contexts.size());
    assertSame(cipher, contexts.of(first));
  }

  @Test
  void anSaWhoseKeysAreWipedHasNone() {
    KeyMaterial key = KeyMaterial.copyOf(new byte[20]);
    OutboundSa wiped = sa(1000, key);
    key.close();
    assertNull(contexts.of(wiped));
  }
}
