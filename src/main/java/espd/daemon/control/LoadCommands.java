package espd.daemon.control;

import espd.spd.KeyMaterial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The commands of vici that change connections and secrets. What IKE cannot use yet is refused,
/// and the answer says so.
///
/// @param loading does it
record LoadCommands(Loading loading) {

  private static final String PSK_ONLY =
      "certificates and private keys are not supported yet; authenticate with pre-shared keys";

  Map<String, ViciCommand> commands() {
    Map<String, ViciCommand> commands = new LinkedHashMap<>();
    commands.put("reload-settings", (request, events) -> ViciAnswers.of(loading.reload()));
    commands.put("load-conn", (request, events) -> loadConn(request));
    commands.put("unload-conn", (request, events) -> unloadConn(request));
    commands.put("get-conns", (request, events) -> items("conns", loading.loaded()));
    commands.put("load-shared", (request, events) -> loadShared(request));
    commands.put("unload-shared", (request, events) -> unloadShared(request));
    commands.put("get-shared", (request, events) -> items("keys", loading.shared()));
    commands.put("clear-creds", (request, events) -> ViciAnswers.of(loading.clearShared()));
    commands.put("flush-certs", (request, events) -> ViciAnswers.SUCCESS);
    commands.put("get-keys", (request, events) -> items("keys", List.of()));
    commands.put("get-authorities", (request, events) -> items("authorities", List.of()));
    for (String name : List.of("load-cert", "load-key", "load-token", "load-authority")) {
      commands.put(name, (request, events) -> refused(request, PSK_ONLY));
    }
    commands.put(
        "unload-key", (request, events) -> ViciAnswers.refusal("no private key is loaded"));
    commands.put(
        "unload-authority", (request, events) -> ViciAnswers.refusal("no authority is loaded"));
    return commands;
  }

  private static Section items(String name, List<String> items) {
    return Section.builder().items(name, items).build();
  }

  private Section loadConn(Section request) {
    if (request.nodes().size() != 1) {
      return ViciAnswers.refusal("read " + request.nodes().size() + " sections, expected one");
    }
    String name = request.nodes().keySet().iterator().next();
    Map<String, List<String>> keys = new LinkedHashMap<>();
    flatten("", request.section(name).orElse(Section.EMPTY), keys);
    return ViciAnswers.of(loading.load(name, keys));
  }

  private static void flatten(String prefix, Section section, Map<String, List<String>> keys) {
    section
        .nodes()
        .forEach(
            (name, node) -> {
              switch (node) {
                case Section below -> flatten(prefix + name + ".", below, keys);
                case Node.Items(List<String> items) -> keys.put(prefix + name, items);
                case Node.Text(String text) -> keys.put(prefix + name, List.of(text));
                case Node.Secret secret -> secret.octets().close();
              }
            });
  }

  private Section unloadConn(Section request) {
    return request
        .text("name")
        .map(name -> ViciAnswers.of(loading.unload(name)))
        .orElseGet(() -> ViciAnswers.refusal("missing connection name"));
  }

  private Section loadShared(Section request) {
    String type = request.text("type").orElse("").toLowerCase(Locale.ROOT);
    Optional<KeyMaterial> data = request.secret("data");
    if (!type.equals("ike")) {
      return refused(request, "a secret of type '" + type + "'; only IKE's are supported");
    }
    if (data.isEmpty() || data.get().length() == 0) {
      return refused(request, "missing data, or none in it");
    }
    List<String> owners = request.items("owners");
    String id = request.text("id").orElseGet(() -> String.join(" ", owners));
    return ViciAnswers.of(loading.loadShared(id, owners, data.get()));
  }

  private Section unloadShared(Section request) {
    return request
        .text("id")
        .map(id -> ViciAnswers.of(loading.unloadShared(id)))
        .orElseGet(() -> ViciAnswers.refusal("missing id"));
  }

  /// Refuses a request whose secrets nobody will use.
  private static Section refused(Section request, String why) {
    request.nodes().keySet().forEach(name -> request.secret(name).ifPresent(KeyMaterial::close));
    return ViciAnswers.refusal(why);
  }
}
