package espd.daemon.config;

import espd.daemon.config.ConfFile.Parameter;
import espd.ike.Connection;
import espd.ike.Connection.Start;
import espd.ike.Keychain;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A connection in the words of `swanctl.conf`, from such a file or from vici's `load-conn`. What
/// it says is said again in the words of `ipsec.conf`, one connection a child, so that both mean
/// the same.
///
/// A child `net` of the connection `gw` is the connection `gw/net`; where both have one name, it
/// has that name.
public final class SwanctlReader {

  /// What was read.
  ///
  /// @param connections one a child
  /// @param warnings what is used, but not quite as it was said
  public record Loaded(List<Connection> connections, List<Warning> warnings) {

    /// Copies the lists.
    public Loaded {
      connections = List.copyOf(connections);
      warnings = List.copyOf(warnings);
    }
  }

  private final String name;
  private final SwanctlKeys conn;
  private final SwanctlCertificates files;
  private final Findings findings;
  private final ConnReader reader;

  /// A section.
  record Named(String name, SwanctlKeys keys) {}

  /// @param conn the connection
  /// @param files where certificates are
  /// @param reader that the connections are put into
  /// @param findings told what is wrong
  SwanctlReader(Named conn, SwanctlCertificates files, ConnReader reader, Findings findings) {
    this.name = conn.name();
    this.conn = conn.keys();
    this.files = files;
    this.reader = reader;
    this.findings = findings;
  }

  /// Reads a connection.
  ///
  /// @param name of the connection
  /// @param keys by name, those of sections with the section's name and a dot before:
  ///   `children.net.mode`; octets that are no UTF-8 as ISO 8859-1
  /// @param keychain the keys and certificates that there are
  /// @throws ConfigException with every reason why it cannot be used, each with the key's full name
  public static Loaded read(
      String name, Map<String, List<String>> keys, HostView host, Keychain keychain)
      throws ConfigException {
    return SwanctlKeys.read(
        "connections." + name,
        keys,
        (conn, findings) -> {
          ConnReader reader =
              new ConnReader(host, findings, new KeychainReader(findings, keychain));
          new SwanctlReader(new Named(name, conn), SwanctlCertificates.OF_MESSAGE, reader, findings)
              .read();
          return new Loaded(reader.connections(), findings.warnings());
        });
  }

  /// Reads it.
  void read() {
    SwanctlKey.report(SwanctlKey.Section.CONNECTION, conn, findings);
    for (String section : conn.sections()) {
      if (section.startsWith("local") || section.startsWith("remote")) {
        end(conn.section(section));
      } else if (!section.equals("children")) {
        findings.problem(conn.place(section), "a section", "local, remote or children");
      }
    }
    SwanctlKeys children = conn.section("children");
    if (children.sections().isEmpty()) {
      findings.problem(conn.place("children"), "no child", "at least one");
    }
    for (String child : children.sections()) {
      SwanctlKey.report(SwanctlKey.Section.CHILD, children.section(child), findings);
      try {
        child(child, children.section(child));
      } catch (Unreadable e) {
        findings.problem(e);
      }
    }
  }

  private void end(SwanctlKeys end) {
    SwanctlKey.report(SwanctlKey.Section.END, end, findings);
    for (String section : end.sections()) {
      if (section.matches("(ca)?cert.*")) {
        SwanctlKey.report(SwanctlKey.Section.CERTIFICATE, end.section(section), findings);
      } else {
        findings.problem(end.place(section), "a section", "cert or cacert");
      }
    }
  }

  /// `local_addrs` is ours and nothing else, though `remote_addrs` may be an address of this host.
  private HostView ours(HostView host) {
    List<String> locals = conn.items("local_addrs");
    return new HostView() {
      @Override
      public boolean isLocal(Ipv6Address address) {
        return locals.stream().anyMatch(each -> isText(each, address)) && host.isLocal(address);
      }

      @Override
      public Optional<Ipv6Address> sourceTowards(Ipv6Address peer) {
        return host.sourceTowards(peer);
      }

      @Override
      public List<Ipv6Address> addresses() {
        return host.addresses();
      }
    };
  }

  private static boolean isText(String text, Ipv6Address address) {
    try {
      return Ipv6Address.parse(text).equals(address);
    } catch (IllegalArgumentException e) {
      return false; // Whoever reads it as an end says so.
    }
  }

  private void child(String childName, SwanctlKeys child) throws Unreadable {
    String full = childName.equals(name) ? name : name + "/" + childName;
    Settings settings = new Settings(child.value("mode", full));
    version(settings);
    Map<String, SwanctlKeys> ends = ends(settings);
    put(settings, "ike", proposals(conn, "proposals"));
    put(settings, "esp", proposals(child, "esp_proposals"));
    put(settings, "leftsourceip", conn.value("vips"));
    put(settings, "rightsourceip", pools());
    put(settings, "leftsubnet", selectors(child, "local_ts"));
    put(settings, "rightsubnet", selectors(child, "remote_ts"));
    put(settings, "forceencaps", conn.value("encap"));
    put(settings, "fragmentation", conn.value("fragmentation"));
    put(settings, "mobike", conn.value("mobike"));
    put(settings, "uniqueids", conn.value("unique").or(() -> text("unique", "no")));
    put(settings, "childless", conn.value("childless"));
    put(settings, "session-resumption", conn.value("session_resumption"));
    put(settings, "ppk_id", conn.value("ppk_id"));
    put(settings, "ppk_required", conn.value("ppk_required"));
    put(settings, "keyingtries", conn.value("keyingtries").or(() -> text("keyingtries", "1")));
    put(settings, "reqid", child.value("reqid").filter(value -> !value.text().equals("0")));
    put(settings, "replay_window", child.value("replay_window"));
    put(settings, "compress", child.value("ipcomp"));
    put(settings, "tfc", padding(child));
    dscp(settings, child);
    liveness(settings, child);
    SwanctlTimes times = new SwanctlTimes(conn, child, new Lifetimes(settings));
    put(settings, "reauth", text("reauth_time", times.reauthenticates() ? "yes" : "no"));
    Certification certification = new SwanctlCertification(conn, ends, files, reader.keychain());
    reader.connection(
        settings,
        mode(child),
        new ConnReader.Manner(start(child), times, ours(reader.host()), certification));
  }

  private Optional<Value> text(String key, String text) {
    return Optional.of(conn.value(key, text));
  }

  private static void put(Settings settings, String key, Optional<Value> value) {
    value.ifPresent(v -> settings.put(key, new Parameter(v, value)));
  }

  /// Without one, or with 0, strongSwan begins with IKEv2 and answers both.
  private void version(Settings settings) throws Unreadable {
    Optional<Value> version = conn.value("version");
    Optional<Value> aggressive = conn.value("aggressive");
    switch (version.map(Value::text).orElse("")) {
      case "1" -> {
        put(settings, "keyexchange", text("version", "ikev1"));
        put(settings, "aggrmode", aggressive);
        return;
      }
      case "0" ->
          findings.warn(
              conn.place("version"),
              conn.shown("version", version.orElseThrow()) + " is IKEv2 here, for the peer too");
      case "2", "" -> {}
      default -> throw new Unreadable(version.orElseThrow(), "2 or 1");
    }
    put(settings, "keyexchange", text("version", "ikev2"));
    if (aggressive.isPresent() && Units.truth(aggressive.get())) {
      findings.warn(
          conn.place("aggressive"),
          conn.shown("aggressive", aggressive.get()) + " is ignored: it has no meaning for IKEv2");
    }
  }

  private Map<String, SwanctlKeys> ends(Settings settings) throws Unreadable {
    Map<String, SwanctlKeys> ends = new LinkedHashMap<>();
    for (End end : List.of(new End("local", "left"), new End("remote", "right"))) {
      put(settings, end.side, address(end.section + "_addrs"));
      List<String> sections =
          conn.sections().stream().filter(each -> each.startsWith(end.section)).toList();
      if (sections.size() != 1) {
        throw new Unreadable(
            conn.place(end.section),
            sections.size() + " sections " + end.section,
            "one, with auth in it");
      }
      SwanctlKeys keys = conn.section(sections.getFirst());
      ends.put(end.side, keys);
      Value auth = keys.value("auth").orElseGet(() -> keys.value("auth", "pubkey"));
      put(settings, end.side + "auth", Optional.of(auth));
      put(settings, end.side + "id", keys.value("id").or(() -> end.anybody(keys)));
      put(settings, "eap_identity", keys.value("eap_id"));
      put(settings, "aaa_identity", keys.value("aaa_id"));
    }
    return ends;
  }

  /// @param section in swanctl.conf
  /// @param side in ipsec.conf
  private record End(String section, String side) {

    /// A peer of which nothing is said may be any that can prove itself.
    private Optional<Value> anybody(SwanctlKeys keys) {
      return side.equals("right") ? Optional.of(keys.value("id", "%any")) : Optional.empty();
    }
  }

  private Optional<Value> address(String key) throws Unreadable {
    Optional<Value> value = conn.value(key);
    if (conn.items(key).size() > 1) {
      throw new Unreadable(value.orElseThrow(), "one address, as the SAs of a connection have one");
    }
    return value;
  }

  /// {@return only those that are named, unless `default` is among them}
  private static Optional<Value> proposals(SwanctlKeys keys, String key) {
    List<String> named = new ArrayList<>(keys.items(key));
    boolean defaults = named.removeIf("default"::equals);
    return named.isEmpty()
        ? Optional.empty()
        : Optional.of(keys.value(key, String.join(",", named) + (defaults ? "" : "!")));
  }

  private static Optional<Value> selectors(SwanctlKeys keys, String key) {
    return keys.value(key)
        .map(value -> keys.value(key, value.text().replaceAll("(^|,\\s*)dynamic", "$1%dynamic")));
  }

  private Optional<Value> pools() {
    List<String> names = conn.items("pools").stream().map(name -> "%" + name).toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(conn.value("pools", String.join(",", names)));
  }

  private static Optional<Value> padding(SwanctlKeys child) {
    return child
        .value("tfc_padding")
        .map(v -> v.text().equals("mtu") ? child.value("tfc_padding", "%mtu") : v);
  }

  private static void dscp(Settings settings, SwanctlKeys child) throws Unreadable {
    Optional<Value> copy = child.value("copy_dscp");
    if (copy.isEmpty()) {
      return;
    }
    String text = copy.get().text();
    if (!text.matches("out|in|yes|no")) {
      throw new Unreadable(copy.get(), "out, in, yes or no");
    }
    String out = text.matches("out|yes") ? "yes" : "no";
    String in = text.matches("in|yes") ? "yes" : "no";
    put(settings, "encap-dscp", Optional.of(child.value("copy_dscp", out)));
    put(settings, "decap-dscp", Optional.of(child.value("copy_dscp", in)));
  }

  private void liveness(Settings settings, SwanctlKeys child) throws Unreadable {
    Optional<Value> delay = conn.value("dpd_delay");
    boolean watches = delay.isPresent() && !Units.time(delay.get()).isZero();
    put(settings, "dpddelay", delay);
    put(settings, "dpdtimeout", conn.value("dpd_timeout"));
    put(
        settings,
        "dpdaction",
        watches
            ? child.value("dpd_action").or(() -> text("dpd_action", "clear"))
            : text("dpd_delay", "none"));
  }

  private static Mode mode(SwanctlKeys child) throws Unreadable {
    Optional<Value> mode = child.value("mode");
    return switch (mode.map(Value::lower).orElse("tunnel")) {
      case "tunnel" -> Mode.TUNNEL;
      case "transport" -> Mode.TRANSPORT;
      case "pass", "drop" ->
          throw new Unreadable(
              mode.orElseThrow(), "tunnel or transport; pass and drop belong in ipsec.conf");
      default -> throw new Unreadable(mode.orElseThrow(), "tunnel or transport");
    };
  }

  private static Start start(SwanctlKeys child) throws Unreadable {
    Optional<Value> start = child.value("start_action");
    return switch (start.map(Value::lower).orElse("none")) {
      case "none" -> Start.ADD;
      case "trap", "route" -> Start.ROUTE;
      case "start" -> Start.START;
      default -> throw new Unreadable(start.orElseThrow(), "none, trap or start");
    };
  }
}
