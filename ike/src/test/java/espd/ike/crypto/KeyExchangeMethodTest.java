package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// RFC 7296 §3.4 with the known answers of RFC 5903 §8 and RFC 7748 §6, and the formulas of RFC
/// 3526.
class KeyExchangeMethodTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  @ParameterizedTest
  @EnumSource(KeyExchangeMethod.class)
  void bothEndsAgreeOnASecretOfTheMethodsLength(KeyExchangeMethod method)
      throws InvalidPublicValueException {
    try (EphemeralKeyPair i = method.generate(RANDOM)) {
      assertEquals(method, i.method());
      assertEquals(method.requestOctets(), i.publicValue().length());
      KeyExchangeMethod.Answer answer = method.answer(i.publicValue(), RANDOM);
      assertEquals(method.responseOctets(), answer.data().length());
      assertEquals(method.sharedOctets(), answer.secret().length());
      assertEquals(hex(answer.secret()), hex(i.agree(answer.data())));
      assertEquals(Optional.of(method), KeyExchangeMethod.of(method.transformId()));
    }
  }

  /// RFC 9370 §2, RFC 7296 §2.12: nothing is used twice.
  @ParameterizedTest
  @EnumSource(KeyExchangeMethod.class)
  void bothHalvesAreFreshForEachExchange(KeyExchangeMethod method)
      throws InvalidPublicValueException {
    try (EphemeralKeyPair one = method.generate(RANDOM);
        EphemeralKeyPair other = method.generate(RANDOM)) {
      assertNotEquals(one.publicValue(), other.publicValue());
      KeyExchangeMethod.Answer first = method.answer(one.publicValue(), RANDOM);
      KeyExchangeMethod.Answer second = method.answer(one.publicValue(), RANDOM);
      assertNotEquals(first.data(), second.data());
      assertNotEquals(hex(first.secret()), hex(second.secret()));
    }
  }

  @ParameterizedTest
  @EnumSource(KeyExchangeMethod.class)
  void refusesAValueOfAnotherLength(KeyExchangeMethod method) throws InvalidPublicValueException {
    try (EphemeralKeyPair pair = method.generate(RANDOM)) {
      byte[] request = pair.publicValue().toArray();
      byte[] response = method.answer(pair.publicValue(), RANDOM).data().toArray();
      for (int length : new int[] {0, 1, request.length - 1, request.length + 1}) {
        Bytes other = Bytes.of(Arrays.copyOf(request, length));
        assertThrows(InvalidPublicValueException.class, () -> method.answer(other, RANDOM));
      }
      for (int length : new int[] {0, 1, response.length - 1, response.length + 1}) {
        Bytes other = Bytes.of(Arrays.copyOf(response, length));
        assertThrows(InvalidPublicValueException.class, () -> pair.agree(other));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MODP_1024, 894, 129093",
    "MODP_1536, 1406, 741804",
    "MODP_2048, 1918, 124476",
    "MODP_3072, 2942, 1690314",
    "MODP_4096, 3966, 240904",
    "MODP_6144, 6014, 929484",
    "MODP_8192, 8062, 4743158"
  })
  void hasThePrimesOfTheFormulas(KeyExchangeMethod group, int piBits, long added) {
    // RFC 2409 §6.2, RFC 3526: p = 2^n - 2^(n-64) - 1 + 2^64 * ([2^(n-130) pi] + added)
    int n = 8 * group.requestOctets();
    assertEquals(n - 130, piBits);
    BigInteger expected =
        power(n)
            .subtract(power(n - 64))
            .subtract(BigInteger.ONE)
            .add(power(64).multiply(pi(piBits).add(BigInteger.valueOf(added))));
    assertEquals(expected, ModpKeyPair.prime(group));
  }

  private static BigInteger power(int exponent) {
    return BigInteger.ONE.shiftLeft(exponent);
  }

  /// {@return the integer part of 2^bits * pi, by Machin's formula}
  private static BigInteger pi(int bits) {
    int guard = 64;
    BigInteger one = power(bits + guard);
    BigInteger quarter = arcCotangent(5, one).multiply(BigInteger.valueOf(4));
    quarter = quarter.subtract(arcCotangent(239, one));
    return quarter.multiply(BigInteger.valueOf(4)).shiftRight(guard);
  }

  private static BigInteger arcCotangent(int x, BigInteger one) {
    BigInteger square = BigInteger.valueOf((long) x * x);
    BigInteger term = one.divide(BigInteger.valueOf(x));
    BigInteger sum = term;
    for (int k = 3; term.signum() != 0; k += 2) {
      term = term.divide(square).negate();
      sum = sum.add(term.divide(BigInteger.valueOf(k)));
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(
      names = {"MODP_1024", "MODP_1536", "MODP_2048", "MODP_3072", "MODP_4096", "MODP_6144"})
  void refusesPublicValuesThatMakeTheSecretKnown(KeyExchangeMethod group)
      throws InvalidPublicValueException {
    // RFC 6989 §2.1: 1 < r < p - 1.
    BigInteger p = ModpKeyPair.prime(group);
    try (EphemeralKeyPair pair = group.generate(RANDOM)) {
      BigInteger largest = BigInteger.ONE.shiftLeft(8 * group.requestOctets());
      for (BigInteger bad :
          new BigInteger[] {
            BigInteger.ZERO,
            BigInteger.ONE,
            p.subtract(BigInteger.ONE),
            p,
            p.add(BigInteger.ONE),
            largest.subtract(BigInteger.ONE)
          }) {
        Bytes value = Bytes.of(Octets.of(bad, group.requestOctets()));
        assertThrows(InvalidPublicValueException.class, () -> pair.agree(value));
      }
      Bytes least = Bytes.of(Octets.of(BigInteger.TWO, group.requestOctets()));
      assertEquals(pair.publicValue().toString(), hex(pair.agree(least)));
    }
  }

  @Test
  void keepsLeadingZerosOfASharedSecret() throws InvalidPublicValueException {
    // RFC 7296 §2.14: about one secret in 256 begins with a zero octet.
    try (EphemeralKeyPair pair = KeyExchangeMethod.MODP_1024.generate(RANDOM)) {
      boolean zero = false;
      for (int value = 2; value < 5000 && !zero; value++) {
        Bytes peer = Bytes.of(Octets.of(BigInteger.valueOf(value), 128));
        KeyMaterial shared = pair.agree(peer);
        assertEquals(128, shared.length());
        zero = hex(shared).startsWith("00");
      }
      assertTrue(zero);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ECP_256 | c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433 | dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180 5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3 | c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53 | d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63 56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab | d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de
          ECP_384 | 099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194 | 667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa 9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c | 41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc | e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571 dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c | 11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746
          ECP_521 | 0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095aa85a30fe1c2952c6771d937ba9777f5957b2639bab072462f68c27a57382d4a52 | 0015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbee1e3bf42e00b8e380aeae57c2d107564941885942af5a7f4601723c4195d176ced3e 017cae20b6641d2eeb695786d8c946146239d099e18e1d5a514c739d7cb4a10ad8a788015ac405d7799dc75e7b7d5b6cf2261a6a7f1507438bf01beb6ca3926f9582 | 0145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e9c677d600b343757a3bdbf2a3163e4c2f869cca7458aa4a4effc311f5cb151685eb9 | 00d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a219b97c356436adc6e95bb0352f6be64a6c2912d4ef2d0433ced2b6171640012d9460f 015c68226383956e3bd066e797b623c27ce0eac2f551a10c2c724d9852077b87220b6536c5c408a1d2aebb8e86d678ae49cb57091f4732296579ab44fcd17f0fc56a | 01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d1427e73ca4baa240a34786859810c06b3c715a3a8cc3151f2bee417996d19f3ddea
          """)
  void givesTheExamplesOfRfc5903Section8(
      KeyExchangeMethod group, String i, String gi, String r, String gr, String girx)
      throws InvalidPublicValueException {
    EcpKeyPair initiator = EcpKeyPair.of(group, new BigInteger(i, 16));
    EcpKeyPair responder = EcpKeyPair.of(group, new BigInteger(r, 16));
    assertEquals(Bytes.ofHex(gi), initiator.publicValue());
    assertEquals(Bytes.ofHex(gr), responder.publicValue());
    assertEquals(girx, hex(initiator.agree(responder.publicValue())));
    assertEquals(girx, hex(responder.agree(initiator.publicValue())));
  }

  @ParameterizedTest
  @EnumSource(names = {"ECP_256", "ECP_384", "ECP_521"})
  void refusesPointsThatAreNotOnTheCurve(KeyExchangeMethod group) {
    // RFC 6989 §2.3.
    try (EphemeralKeyPair pair = group.generate(RANDOM)) {
      byte[] moved = pair.publicValue().toArray();
      moved[moved.length - 1] ^= 1;
      assertThrows(InvalidPublicValueException.class, () -> pair.agree(Bytes.of(moved)));
      Bytes zero = Bytes.of(new byte[group.requestOctets()]);
      assertThrows(InvalidPublicValueException.class, () -> pair.agree(zero));
      Bytes ones = Bytes.ofHex("ff".repeat(group.requestOctets()));
      assertThrows(InvalidPublicValueException.class, () -> pair.agree(ones));
    }
  }

  @Test
  void givesTheExampleOfRfc7748Section61() throws InvalidPublicValueException {
    MontgomeryKeyPair alice =
        pair25519("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    MontgomeryKeyPair bob =
        pair25519("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    assertEquals(
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        alice.publicValue().toString());
    assertEquals(
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
        bob.publicValue().toString());
    String shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    assertEquals(shared, hex(alice.agree(bob.publicValue())));
    assertEquals(shared, hex(bob.agree(alice.publicValue())));
  }

  @Test
  void givesTheExampleOfRfc7748Section62() throws InvalidPublicValueException {
    MontgomeryKeyPair alice =
        pair448(
            "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d"
                + "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b");
    MontgomeryKeyPair bob =
        pair448(
            "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d"
                + "6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d");
    assertEquals(
        "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c"
            + "22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0",
        alice.publicValue().toString());
    assertEquals(
        "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b430"
            + "27d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609",
        bob.publicValue().toString());
    String shared =
        "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282b"
            + "b60c0b56fd2464c335543936521c24403085d59a449a5037514a879d";
    assertEquals(shared, hex(alice.agree(bob.publicValue())));
    assertEquals(shared, hex(bob.agree(alice.publicValue())));
  }

  @ParameterizedTest
  @CsvSource({
    "CURVE_25519, 0000000000000000000000000000000000000000000000000000000000000000",
    "CURVE_25519, 0100000000000000000000000000000000000000000000000000000000000000",
    "CURVE_25519, ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "CURVE_25519, e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "CURVE_25519, 5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "CURVE_448,"
        + " 0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "CURVE_448,"
        + " 0100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "CURVE_448,"
        + " fefffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffffffffffffffffffff"
  })
  void refusesPointsOfSmallOrder(KeyExchangeMethod method, String value) {
    // RFC 8031 §3: the shared secret would be zero.
    try (EphemeralKeyPair pair = method.generate(RANDOM)) {
      assertThrows(InvalidPublicValueException.class, () -> pair.agree(Bytes.ofHex(value)));
      assertThrows(
          InvalidPublicValueException.class, () -> method.answer(Bytes.ofHex(value), RANDOM));
    }
  }

  @Test
  void isOfNoUseAfterItIsClosed() throws InvalidPublicValueException {
    for (KeyExchangeMethod method : KeyExchangeMethod.values()) {
      EphemeralKeyPair pair = method.generate(RANDOM);
      Bytes answer = method.answer(pair.publicValue(), RANDOM).data();
      pair.close();
      assertThrows(IllegalStateException.class, () -> pair.agree(answer));
    }
  }

  private static MontgomeryKeyPair pair25519(String scalar) {
    return MontgomeryKeyPair.of(KeyExchangeMethod.CURVE_25519, Bytes.ofHex(scalar).toArray());
  }

  private static MontgomeryKeyPair pair448(String scalar) {
    return MontgomeryKeyPair.of(KeyExchangeMethod.CURVE_448, Bytes.ofHex(scalar).toArray());
  }

  private static String hex(KeyMaterial secret) {
    return secret.use(octets -> Bytes.of(octets).toString());
  }
}
