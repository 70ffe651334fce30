package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.KeyMaterial;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertEquals(List.of("[gw.example] 00ff8078", "secret ike-gw"), told);
    assertEquals(List.of("psk-1"), command("get-shared", Section.EMPTY).items("keys"));
    assertEquals(
        "yes", success(command("unload-shared", Section.builder().text("id", "a").build())));
    assertEquals("forget a", told.getLast());
  }

  @Test
  void aSecretThatIsNotIkesIsRefused() throws IOException {
    Section request =
        Section.builder().text("type", "EAP").data(KeyMaterial.copyOf(new byte[] {1})).build();
    Section answer = command("load-shared", request);
    assertTrue(answer.text("errmsg").orElseThrow().contains("type 'eap'"));
    assertEquals(List.of(), told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"load-cert", "load-key", "load-token", "load-authority"})
  void whatIkeCannotUseIsRefusedWithTheReason(String command) throws IOException {
    Section request = Section.builder().data(KeyMaterial.copyOf(new byte[] {1})).build();
    Section answer = command(command, request);
    assertEquals("no", success(answer));
    assertTrue(answer.text("errmsg").orElseThrow().contains("not supported yet"));
  }

  @Test
  void reloadsAndClears() throws IOException {
    assertEquals("yes", success(command("reload-settings", Section.EMPTY)));
    assertEquals("yes", success(command("clear-creds", Section.EMPTY)));
    assertEquals(List.of("reload", "forget all"), told);
  }
}
