package espd.daemon.control;

import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.Prf;
import espd.spd.Encryption;
import espd.spd.Integrity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The commands of vici about the daemon itself.
///
/// @param operations the daemon
record DaemonCommands(Operations operations) {

  Map<String, ViciCommand> commands() {
    return Map.of(
        "version", (request, events) -> new ViciListing(operations.status()).version(),
        "stats", (request, events) -> new ViciListing(operations.status()).stats(),
        "get-algorithms", (request, events) -> algorithms(),
        "get-counters", (request, events) -> counters(request),
        "reset-counters", (request, events) -> resetCounters(request));
  }

  /// What IKE and ESP can negotiate; ESP's ciphers are of the engine in use.
  private Section algorithms() {
    String engine = operations.status().machine().engine();
    return Section.builder()
        .section(
            "encryption",
            each(Stream.of(Encryption.values()).filter(each -> !each.isAead()), engine))
        .section(
            "integrity",
            each(Stream.of(Integrity.values()).filter(each -> each != Integrity.NONE), engine))
        .section("aead", each(Stream.of(Encryption.values()).filter(Encryption::isAead), engine))
        .section("prf", each(Stream.of(Prf.values()).map(prf -> "PRF_" + prf), "espd"))
        .section("dh", each(Stream.of(KeyExchangeMethod.values()), "espd"))
        .build();
  }

  private static Section each(Stream<?> algorithms, String by) {
    Section.Builder section = Section.builder();
    algorithms.forEach(algorithm -> section.text(String.valueOf(algorithm), by));
    return section.build();
  }

  private Section counters(Section request) {
    Counters counters = operations.counters();
    Set<String> known = counters.names();
    Optional<String> name = request.text("name");
    List<String> wanted = isAll(request) ? List.copyOf(known) : List.of(name.orElse(""));
    if (!known.containsAll(wanted)) {
      return ViciAnswers.refusal("no counters for connection '" + name.orElse("") + "'");
    }
    Section.Builder all = Section.builder();
    wanted.forEach(each -> all.section(each, counters.section(each)));
    return Section.builder().section("counters", all.build()).text("success", "yes").build();
  }

  private Section resetCounters(Section request) {
    if (isAll(request)) {
      operations.counters().reset();
      return ViciAnswers.SUCCESS;
    }
    String name = request.text("name").orElse("");
    return operations.counters().reset(name)
        ? ViciAnswers.SUCCESS
        : ViciAnswers.refusal("no counters for connection '" + name + "'");
  }

  private static boolean isAll(Section request) {
    return request.text("all").filter("yes"::equals).isPresent();
  }
}
