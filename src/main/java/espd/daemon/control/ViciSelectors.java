package espd.daemon.control;

import espd.spd.AddressRange;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// Traffic selectors as vici shows them, an end at a time.
final class ViciSelectors {

  private ViciSelectors() {}

  static List<String> local(List<Selector> selectors) {
    return texts(selectors, (selector, all) -> text(selector.local(), selector.localPorts(), all));
  }

  static List<String> remote(List<Selector> selectors) {
    return texts(
        selectors, (selector, all) -> text(selector.remote(), selector.remotePorts(), all));
  }

  private static List<String> texts(
      List<Selector> selectors, BiFunction<Selector, Integer, String> text) {
    return selectors.stream().map(each -> text.apply(each, each.protocol())).distinct().toList();
  }

  private static String text(AddressRange addresses, PortRange ports, int protocol) {
    Optional<String> port =
        ports.equals(PortRange.ANY) ? Optional.empty() : Optional.of("/" + ports);
    boolean any = protocol == Selector.ANY_PROTOCOL && port.isEmpty();
    return any ? addresses.toString() : addresses + "[" + protocol + port.orElse("") + "]";
  }
}
