package espd.ike.eap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The hashes and keys of one exchange as the RFCs print them.
final class MsChapV2Test {

  private static final Bytes AUTHENTICATOR = Bytes.ofHex("5B5D7C7D7B3F2F3E3C2C602132262628");
  private static final Bytes PEER = Bytes.ofHex("21402324255E262A28295F2B3A337C7E");
  private static final Bytes RESPONSE =
      Bytes.ofHex("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF");
  private static final MsChapV2.Exchange EXCHANGE =
      new MsChapV2.Exchange(AUTHENTICATOR, PEER, Identities.octets("User"));

  private static KeyMaterial passwordHash() {
    return MsChapV2.ntPasswordHash("clientPass".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void hashesTheChallengesAndThePassword() { // RFC 2759 §9.2
    assertEquals(Bytes.ofHex("D02E4386BCE91226"), EXCHANGE.challenge());
    assertEquals(
        Bytes.ofHex("44EBBA8D5312B8D611474411F56989AE"),
        passwordHash().use(octets -> Bytes.of(octets)));
  }

  @Test
  void answersTheChallenge() { // RFC 2759 §9.2
    assertEquals(RESPONSE, MsChapV2.ntResponse(passwordHash(), EXCHANGE));
  }

  @Test
  void provesThatTheServerKnowsThePasswordToo() { // RFC 2759 §9.2
    assertEquals(
        "S=407A5589115FD0D6209F510FE9C04566932CDA56",
        MsChapV2.authenticatorResponse(passwordHash(), RESPONSE, EXCHANGE));
  }

  @Test
  void spreadsSevenOctetsOverAKeyOfDes() { // RFC 2759 §9.3, whose keys have odd parity
    byte[] key = MsChapV2.desKey(Bytes.ofHex("FC156AF7EDCD6C").toArray(), 0);
    byte[] printed = Bytes.ofHex("FD0B5B5E7F6E34D9").toArray();
    for (int i = 0; i < key.length; i++) {
      printed[i] &= (byte) 0xfe;
    }
    assertArrayEquals(printed, key);
  }

  @Test
  void derivesTheServersSendKeyOf128Bits() { // RFC 3079 §3.5.3
    Bytes msk = MsChapV2.msk(passwordHash(), RESPONSE).use(octets -> Bytes.of(octets));
    assertEquals(64, msk.length());
    assertEquals(Bytes.ofHex("8B7CDC149B993A1BA118CB153F56DCCB"), Bytes.of(msk.toArray(), 16, 16));
    assertEquals(Bytes.of(new byte[32]), Bytes.of(msk.toArray(), 32, 32));
  }

  @Test
  void takesTheDomainFromAName() { // RFC 2759 §4
    assertEquals(
        Identities.octets("User"), MsChapV2.withoutDomain(Identities.octets("DOMAIN\\User")));
  }
}
