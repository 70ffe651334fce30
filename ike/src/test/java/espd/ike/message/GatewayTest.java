package espd.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How gateways are named (RFC 5685 §9.2).
final class GatewayTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 01 04 c0000201",
    "2001:db8::1, 02 10 20010db8000000000000000000000001",
    "gw.example, 03 0a 67772e6578616d706c65",
  })
  void aGatewayHasAnAddressOrAName(String text, String hex) throws MalformedException {
    Gateway gateway = Gateway.parse(text);
    assertEquals(Bytes.ofHex(hex), gateway.data());
    Reader in = new Reader(Bytes.ofHex(hex + "aabb").toArray());
    assertEquals(gateway, Gateway.read(in));
    assertEquals(Bytes.ofHex("aabb"), in.rest(), "the nonce");
    assertEquals(text, gateway.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01",
        "0103c00002",
        "0104c00002",
        "0210",
        "0300",
        "030120",
        "03020a41",
        "0303612e2e",
        "0000",
        "04026162",
        "ff00",
      })
  void whatIsNoneIsRefused(String hex) {
    assertThrows(
        MalformedException.class, () -> Gateway.read(new Reader(Bytes.ofHex(hex).toArray())));
  }

  @Test
  void whatPeopleMistypeIsRefused() {
    for (String text : new String[] {"", "192.0.2", "::g", "a b", "a..b", "-\n"}) {
      assertThrows(IllegalArgumentException.class, () -> Gateway.parse(text), text);
    }
  }
}
