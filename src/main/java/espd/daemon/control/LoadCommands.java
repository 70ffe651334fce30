package espd.daemon.control;

import java.util.LinkedHashMap;
import java.util.Map;

/// The commands of vici that change connections.
///
/// @param loading does it
record LoadCommands(Loading loading) {

  Map<String, ViciCommand> commands() {
    Map<String, ViciCommand> commands = new LinkedHashMap<>();
    commands.put("reload-settings", (request, events) -> ViciAnswers.of(loading.reload()));
    commands.put("load-conn", (request, events) -> loadConn(request));
    commands.put("unload-conn", (request, events) -> unloadConn(request));
    commands.put("get-conns", (request, events) -> ViciAnswers.items("conns", loading.loaded()));
    return commands;
  }

  private Section loadConn(Section request) {
    if (request.nodes().size() != 1) {
      return ViciAnswers.refusal("read " + request.nodes().size() + " sections, expected one");
    }
    String name = request.nodes().keySet().iterator().next();
    Section section = request.section(name).orElse(Section.EMPTY);
    return ViciAnswers.of(loading.load(name, section.keys()));
  }

  private Section unloadConn(Section request) {
    return request
        .text("name")
        .map(name -> ViciAnswers.of(loading.unload(name)))
        .orElseGet(() -> ViciAnswers.refusal("missing connection name"));
  }
}
