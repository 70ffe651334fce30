package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.spd.KeyMaterial;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What clients load, over a real socket.
@Timeout(60)
class LoadCommandsTest extends ControlSocket {

  private final List<String> told = operations.loading().told;

  private Section command(String name, Section request) throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      return client.command(name, request);
    }
  }

  private static String success(Section answer) {
    return answer.text("success").orElseThrow();
  }

  @Test
  void aConnectionComesWithTheFullNamesOfItsKeys() throws IOException {
    Section net = Section.builder().items("local_ts", List.of("dynamic")).build();
    Section conn =
        Section.builder()
            .text("version", 2)
            .section("children", Section.builder().section("net", net).build())
            .build();
    assertEquals(
        "yes", success(command("load-conn", Section.builder().section("gw", conn).build())));
    assertEquals(List.of("{version=[2], children.net.local_ts=[dynamic]}", "load gw"), told);
  }

  @Test
  void aChildOfWhichNothingIsSaidIsThere() throws IOException {
    Section children = Section.builder().section("net", Section.EMPTY).build();
    Section conn = Section.builder().section("children", children).build();
    command("load-conn", Section.builder().section("gw", conn).build());
    assertEquals(List.of("{children.net.=[]}", "load gw"), told);
  }

  @Test
  void whatIsRefusedSaysWhy() throws IOException {
    Section answer = command("load-conn", Section.builder().section("bad", Section.EMPTY).build());
    assertEquals("load bad: no", answer.text("errmsg").orElseThrow());
  }

  @Test
  void aSecretIsOctetsAllTheWay() throws IOException {
    KeyMaterial secret = KeyMaterial.copyOf(new byte[] {0, (byte) 0xff, (byte) 0x80, 'x'});
    Section request =
        Section.builder()
            .text("id", "ike-gw")
            .text("type", "IKE")
            .data(secret)
            .items("owners", List.of("gw.example"))
            .build();
    assertEquals("yes", success(command("load-shared", request)));
    assertEquals(List.of("[gw.example] 00ff8078", "PSK ike-gw"), told);
    assertEquals(List.of("psk-1"), command("get-shared", Section.EMPTY).items("keys"));
    assertEquals(
        "yes", success(command("unload-shared", Section.builder().text("id", "a").build())));
    assertEquals("forget a", told.getLast());
  }

  private static Section.Builder octets() {
    return Section.builder().data(KeyMaterial.copyOf(new byte[] {1, (byte) 0x82}));
  }

  @ParameterizedTest
  @CsvSource({"EAP, EAP", "NTLM, NTLM", "PPK, PPK", "IKE, PSK"})
  void aSecretIsOfItsKind(String type, String kind) throws IOException {
    assertEquals(
        "yes",
        success(command("load-shared", octets().text("type", type).text("id", "x").build())));
    assertEquals(kind + " x", told.getLast());
  }

  @Test
  void certificatesAndKeysAreLoaded() throws IOException {
    assertEquals("yes", success(command("load-cert", octets().text("type", "X509").build())));
    command("load-cert", octets().text("type", "X509").text("flag", "CA").build());
    command("load-cert", octets().text("type", "X509_CRL").build());
    command("load-cert", octets().text("type", "pubkey").text("flag", "none").build());
    assertEquals(List.of("END 0182", "AUTHORITY 0182", "CRL 0182", "PUBLIC_KEY 0182"), told);
    Section key = command("load-key", octets().text("type", "any").build());
    assertEquals("0badc0de", key.text("id").orElseThrow());
    assertEquals(List.of("0badc0de"), command("get-keys", Section.EMPTY).items("keys"));
    assertEquals("yes", success(command("unload-key", Section.builder().text("id", "a").build())));
    assertEquals("forget key a", told.getLast());
  }

  /// A value that is no UTF-8, as a certificate, comes an octet a character.
  @Test
  void anAuthorityComesWithItsOctets() throws IOException {
    Section authority = Section.builder().items("crl_uris", List.of("file:///x")).build();
    command("load-authority", Section.builder().section("root", authority).build());
    assertEquals(List.of("authority root {crl_uris=[file:///x]}"), told);
  }

  @ParameterizedTest
  @CsvSource({
    "load-cert, X509_AC, a certificate of type X509_AC NONE is not supported",
    "load-key, bliss, 'a private key of type bliss, or none at all'",
    "load-token, x, tokens are not supported",
    "load-shared, XAUTH, a secret of type 'xauth' is not supported"
  })
  void whatIkeCannotUseIsRefusedWithTheReason(String command, String type, String reason)
      throws IOException {
    Section answer = command(command, octets().text("type", type).build());
    assertEquals("no", success(answer));
    assertEquals(reason, answer.text("errmsg").orElseThrow());
    assertEquals(List.of(), told);
  }

  @Test
  void reloadsAndClears() throws IOException {
    assertEquals("yes", success(command("reload-settings", Section.EMPTY)));
    assertEquals("yes", success(command("clear-creds", Section.EMPTY)));
    assertEquals(List.of("reload", "forget all"), told);
  }
}
