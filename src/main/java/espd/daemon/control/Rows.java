package espd.daemon.control;

import espd.spd.Lifetime;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.util.List;
import java.util.Locale;

/// The SAD and the SPD for programs: an entry is a section whose names do not change. Keys are left
/// out, as what programs read is often kept.
final class Rows {

  private Rows() {}

  /// {@return an entry for each SA}
  static List<Section> sad(List<Sa> sas) {
    return sas.stream().map(Rows::sa).toList();
  }

  private static Section sa(Sa sa) {
    SaParameters parameters = sa.parameters();
    Section.Builder row =
        Section.builder()
            .text("connection", parameters.connection())
            .text("direction", lower(sa.direction()))
            .text("local", parameters.local())
            .text("remote", parameters.remote())
            .text("mode", lower(parameters.mode()))
            .text("spi", parameters.spiText())
            .text("reqid", parameters.reqid())
            .text("suite", parameters.suite())
            .text("esn", parameters.esn() ? "yes" : "no")
            .text("udp", parameters.encapsulation().isPresent() ? "yes" : "no")
            .text("sequence", Long.toUnsignedString(sa.sequence()))
            .text("replay-window", parameters.replayWindow())
            .text("bytes", sa.bytes())
            .text("packets", sa.packets())
            .text("created", parameters.created());
    Lifetime lifetime = parameters.lifetime();
    limit("seconds", lifetime.softSeconds(), lifetime.hardSeconds(), row);
    limit("bytes", lifetime.softBytes(), lifetime.hardBytes(), row);
    limit("packets", lifetime.softPackets(), lifetime.hardPackets(), row);
    return row.items("selectors", texts(parameters.selectors())).build();
  }

  /// There is no name for what has no limit.
  private static void limit(String of, long soft, long hard, Section.Builder row) {
    if (soft > 0) {
      row.text("soft-" + of, soft);
    }
    if (hard > 0) {
      row.text("hard-" + of, hard);
    }
  }

  /// {@return an entry for each policy}
  static List<Section> spd(List<SpdEntry> entries) {
    return entries.stream().map(Rows::policy).toList();
  }

  private static Section policy(SpdEntry entry) {
    Policy policy = entry.policy();
    Section.Builder row =
        Section.builder()
            .text("connection", policy.connection())
            .text("direction", lower(policy.direction()))
            .text("selector", policy.selector())
            .text("priority", Integer.toUnsignedLong(policy.priority()));
    switch (policy.processing()) {
      case Processing.Bypass bypass -> row.text("processing", "bypass");
      case Processing.Discard discard -> row.text("processing", "discard");
      case Processing.Protect protect ->
          row.text("processing", "protect")
              .text("mode", lower(protect.mode()))
              .text("local", protect.local())
              .text("remote", protect.remote())
              .text("reqid", protect.reqid());
    }
    return row.build();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static List<String> texts(List<Selector> selectors) {
    return selectors.stream().map(Selector::toString).toList();
  }
}
