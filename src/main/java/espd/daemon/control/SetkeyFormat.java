package espd.daemon.control;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipcomp;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Reqid;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import espd.spd.UdpEncapsulation;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The SAD and the SPD as `setkey -D` and `setkey -DP` print them, keys included: only for root.
///
/// @param now the time that the SAs' ages are counted to
/// @param zone of the times shown
/// @param pid shown as setkey shows its own
/// @param showsPorts whether every address of an SA has a port behind it, as with `-p`
public record SetkeyFormat(Instant now, ZoneId zone, long pid, boolean showsPorts) {

  /// What ctime() prints, without the day of the week.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);

  private static final int GROUP_OCTETS = 4;
  private static final int ROW_OCTETS = 32;

  private static final long PRIORITY_HIGH = 0x4000_0000L;
  private static final long PRIORITY_DEFAULT = 0x8000_0000L;
  private static final long PRIORITY_LOW = 0xc000_0000L;
  private static final long HALF_STEP = 0x2000_0000L;

  /// How far a time or lifetime goes that the short form has room for.
  private static final long LONGEST_SHORT = 1000;

  /// Shows ports only where ESP travels in UDP.
  ///
  /// @param now the time that the SAs' ages are counted to
  /// @param zone of the times shown
  /// @param pid shown as setkey shows its own
  public SetkeyFormat(Instant now, ZoneId zone, long pid) {
    this(now, zone, pid, false);
  }

  /// {@return this with ports}
  public SetkeyFormat withPorts() {
    return new SetkeyFormat(now, zone, pid, true);
  }

  /// {@return the SAs as `setkey -D` prints them}
  ///
  /// @param sas newest first
  public String sad(List<Sa> sas) {
    if (sas.isEmpty()) {
      return "No SAD entries.\n";
    }
    StringBuilder text = new StringBuilder();
    long compressing = sas.stream().filter(sa -> sa.parameters().ipcomp().isPresent()).count();
    int entries = sas.size() + (int) compressing;
    int entry = 0;
    for (Sa sa : sas) {
      sa(sa, sequence(entry++, entries), text);
      Optional<Ipcomp> ipcomp = sa.parameters().ipcomp();
      if (ipcomp.isPresent()) {
        ipcomp(sa, ipcomp.get(), sequence(entry++, entries), text);
      }
    }
    return text.toString();
  }

  /// {@return the SAs as `setkey -lD` prints them again and again: a line each, without keys}
  ///
  /// @param sas newest first
  public String brief(List<Sa> sas) {
    if (sas.isEmpty()) {
      return "No SAD entries.\n";
    }
    StringBuilder text = new StringBuilder();
    for (Sa sa : sas) {
      SaParameters parameters = sa.parameters();
      boolean out = sa.direction() == Direction.OUTBOUND;
      long hard = parameters.lifetime().hardSeconds();
      text.append(
          String.format(
              Locale.ROOT,
              "%02d%02d esp %s %08x %4s/%-3s %s -> %s\n",
              now.getEpochSecond() % 3600 / 60,
              now.getEpochSecond() % 60,
              letter(sa),
              sa.spi(),
              age(sa) >= LONGEST_SHORT ? "big" : age(sa),
              hard >= LONGEST_SHORT ? "big" : hard,
              out ? local(parameters) : remote(parameters),
              out ? remote(parameters) : local(parameters)));
    }
    return text.toString();
  }

  private String letter(Sa sa) {
    return switch (state(sa)) {
      case "mature" -> "M";
      case "dying" -> "D";
      default -> "d";
    };
  }

  /// {@return 1, 2, … and 0 for the last, as kernels count their replies}
  private static int sequence(int index, int count) {
    return (index + 1) % count;
  }

  private void sa(Sa sa, int sequence, StringBuilder text) {
    SaParameters parameters = sa.parameters();
    headline(sa, protocol(parameters), sa.spi(), text);
    key("E: " + parameters.suite().encryption().setkeyName(), parameters.encryptionKey(), text);
    if (parameters.integrityKey().length() > 0) {
      key("A: " + parameters.suite().integrity().setkeyName(), parameters.integrityKey(), text);
    }
    numbers(sa, sa.sequence(), parameters.replayWindow(), text);
    lifetime(sa, text);
    line(text, "sadb_seq=%d pid=%d refcnt=%d", sequence, pid, 0);
  }

  /// The compression of an SA, which is an SA of its own in a kernel, with the CPI as its SPI and
  /// neither keys nor numbers; setkey ends no line behind the algorithm.
  private void ipcomp(Sa sa, Ipcomp ipcomp, int sequence, StringBuilder text) {
    headline(sa, "ipcomp", ipcomp.cpi(), text);
    text.append("\tC: deflate ");
    numbers(sa, 0, 0, text);
    lifetime(sa, text);
    line(text, "sadb_seq=%d pid=%d refcnt=%d", sequence, pid, 0);
  }

  private void headline(Sa sa, String protocol, int spi, StringBuilder text) {
    SaParameters parameters = sa.parameters();
    boolean out = sa.direction() == Direction.OUTBOUND;
    text.append(out ? local(parameters) : remote(parameters)).append(' ');
    text.append(out ? remote(parameters) : local(parameters)).append(" \n");
    line(
        text,
        "%s mode=%s spi=%s(0x%08x) reqid=%d(0x%08x)",
        protocol,
        name(parameters.mode()),
        Integer.toUnsignedString(spi),
        spi,
        Reqid.shown(parameters.reqid()),
        Reqid.shown(parameters.reqid()));
  }

  private void numbers(Sa sa, long sequence, int replayWindow, StringBuilder text) {
    line(text, "seq=0x%08x replay=%d flags=0x%08x state=%s ", sequence, replayWindow, 0, state(sa));
  }

  private void lifetime(Sa sa, StringBuilder text) {
    Lifetime limits = sa.parameters().lifetime();
    Instant last = Instant.ofEpochMilli(sa.lastUsedMillis());
    line(
        text,
        "created: %-20s\tcurrent: %-20s",
        TIME.format(sa.parameters().created().atZone(zone)),
        TIME.format(now.atZone(zone)));
    line(
        text,
        "diff: %d(s)\thard: %d(s)\tsoft: %d(s)",
        age(sa),
        limits.hardSeconds(),
        limits.softSeconds());
    line(text, "last: %-20s\thard: 0(s)\tsoft: 0(s)", time(last));
    line(
        text,
        "current: %d(bytes)\thard: %d(bytes)\tsoft: %d(bytes)",
        sa.bytes(),
        limits.hardBytes(),
        limits.softBytes());
    line(
        text,
        "allocated: %d\thard: %d\tsoft: %d",
        sa.packets(),
        limits.hardPackets(),
        limits.softPackets());
  }

  private static String protocol(SaParameters parameters) {
    return parameters
        .encapsulation()
        .map(encapsulation -> encapsulation.isStream() ? "esp-tcp" : "esp-udp")
        .orElse("esp");
  }

  private String local(SaParameters parameters) {
    return parameters.local()
        + parameters
            .encapsulation()
            .filter(ports -> !ports.isStream())
            .map(ports -> "[" + ports.localPort() + "]")
            .orElse(noPort());
  }

  private String remote(SaParameters parameters) {
    return parameters.remote()
        + parameters
            .encapsulation()
            .map(UdpEncapsulation::remotePort)
            .map(p -> "[" + p + "]")
            .orElse(noPort());
  }

  private String noPort() {
    return showsPorts ? "[0]" : "";
  }

  private static String name(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static void key(String algorithm, KeyMaterial key, StringBuilder text) {
    text.append('\t').append(algorithm).append(' ');
    key.use(
        octets -> {
          for (int i = 0; i < octets.length; i++) {
            text.append(i > 0 && i % ROW_OCTETS == 0 ? "\n" : "");
            text.append(i % GROUP_OCTETS == 0 ? " " : "");
            HexFormat.of().toHexDigits(text, octets[i]);
          }
          return octets.length;
        });
    text.append('\n');
  }

  private long age(Sa sa) {
    return Math.max(0, now.getEpochSecond() - sa.parameters().created().getEpochSecond());
  }

  private String state(Sa sa) {
    return sa.parameters()
        .lifetime()
        .reached(age(sa), sa.bytes(), sa.packets())
        .map(limit -> limit == Lifetime.Limit.SOFT ? "dying" : "dead")
        .orElse("mature");
  }

  private String time(Instant instant) {
    return instant.toEpochMilli() == 0 ? "" : TIME.format(instant.atZone(zone));
  }

  /// {@return the policies as `setkey -DP` prints them: one for what arrives is two of Linux's,
  /// `in` and, newer by one, `fwd`}
  ///
  /// @param entries newest first
  public String spd(List<SpdEntry> entries) {
    if (entries.isEmpty()) {
      return "No SPD entries.\n";
    }
    List<Shown> all = new ArrayList<>();
    for (SpdEntry entry : entries) {
      // Linux numbers from 0 on, and has the direction in the last three bits.
      int number = 8 * (entry.id() - 1);
      if (entry.policy().direction() == Direction.OUTBOUND) {
        all.add(new Shown(entry, "out", number + 1));
      } else {
        all.add(new Shown(entry, "fwd", number + 8 + 2));
        all.add(new Shown(entry, "in", number));
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      entry(all.get(i), sequence(i, all.size()), text);
    }
    return text.toString();
  }

  /// One entry of the output.
  private record Shown(SpdEntry entry, String direction, int spid) {}

  private void entry(Shown shown, int sequence, StringBuilder text) {
    SpdEntry entry = shown.entry;
    Selector selector = entry.policy().selector();
    boolean out = entry.policy().direction() == Direction.OUTBOUND;
    String local = end(selector.local(), selector.localPorts(), selector.protocol());
    String remote = end(selector.remote(), selector.remotePorts(), selector.protocol());
    text.append(out ? local + " " + remote : remote + " " + local)
        .append(' ')
        .append(upperLayer(selector))
        .append('\n');
    String priority = priority(Integer.toUnsignedLong(entry.policy().priority()));
    String direction = shown.direction + " " + priority;
    switch (entry.policy().processing()) {
      case Processing.Bypass() -> line(text, "%snone", direction);
      case Processing.Discard() -> line(text, "%sdiscard", direction);
      case Processing.Protect(Mode mode, Ipv6Address us, Ipv6Address them, int reqid) -> {
        line(text, "%sipsec", direction);
        String ends = mode == Mode.TRANSPORT ? "" : out ? us + "-" + them : them + "-" + us;
        boolean require = Reqid.isByEnds(reqid) || shown.direction.equals("fwd");
        line(text, "esp/%s/%s/%s", name(mode), ends, require ? "require" : unique(reqid));
      }
    }
    line(
        text,
        "created: %-20s  lastused: %-20s",
        time(entry.created()),
        time(Instant.ofEpochMilli(entry.lastUsedMillis().get())));
    line(text, "lifetime: 0(s) validtime: 0(s)");
    line(text, "spid=%d seq=%d pid=%d", shown.spid, sequence, pid);
    line(text, "refcnt=1");
  }

  /// {@return how a number that was set by hand is shown, or one that was not}
  private static String unique(int reqid) {
    return (reqid <= Reqid.LARGEST_MANUAL ? "unique:" : "unique#") + reqid;
  }

  private static String end(AddressRange addresses, PortRange ports, int protocol) {
    boolean one = addresses.first().equals(addresses.last());
    String text = one ? addresses.first().toString() : addresses.toString();
    boolean portless = isTyped(protocol) || protocol == 47;
    return portless ? text : text + "[" + ports + "]";
  }

  private static boolean isTyped(int protocol) {
    return protocol == Selector.ICMPV6
        || protocol == Selector.ICMP
        || protocol == Selector.MOBILITY;
  }

  private static String upperLayer(Selector selector) {
    String name =
        switch (selector.protocol()) {
          case Selector.ANY_PROTOCOL -> "any";
          case Selector.ICMP -> "icmp";
          case 6 -> "tcp";
          case 17 -> "udp";
          case 47 -> "gre";
          case Selector.ICMPV6 -> "ipv6-icmp";
          default -> Integer.toString(selector.protocol());
        };
    boolean typed = isTyped(selector.protocol());
    PortRange types = selector.localPorts();
    if (!typed || types.equals(PortRange.ANY)) {
      return name;
    }
    String code = types.first() == types.last() ? "" + (types.first() & 0xff) : "any";
    return name + " " + (types.first() >> 8) + "," + code;
  }

  private static String priority(long priority) {
    if (priority == 0) {
      return "";
    }
    long base = PRIORITY_LOW;
    String name = "low";
    if (priority < PRIORITY_HIGH + HALF_STEP) {
      base = PRIORITY_HIGH;
      name = "high";
    } else if (priority < PRIORITY_DEFAULT + HALF_STEP) {
      base = PRIORITY_DEFAULT;
      name = "def";
    }
    if (priority == base) {
      return "prio " + name + " ";
    }
    String sign = priority < base ? " + " : " - ";
    return "prio " + name + sign + Math.abs(base - priority) + " ";
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
  private static void line(StringBuilder text, String format, Object... values) {
    text.append('\t').append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
