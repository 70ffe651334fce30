package espd.daemon.racoon;

import espd.daemon.config.Findings;
import espd.daemon.config.Includes;
import espd.daemon.config.Source;
import espd.daemon.config.Unreadable;
import espd.daemon.config.Value;
import espd.daemon.racoon.Token.Kind;
import espd.ike.IkeOptions;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The statements of a `racoon.conf` and of the files it includes. One that cannot be read is
/// reported, and the next one is read all the same.
final class RacoonParser {

  private static final String STATEMENT =
      "a statement: path, include, listen, remote, sainfo, timer, padding or log";

  private static final List<String> LEVELS =
      List.of("error", "warning", "notify", "info", "debug", "debug2");

  private final Findings findings;
  private final Map<String, Value> paths = new HashMap<>();
  private final List<Ipv6Address> listen = new ArrayList<>();
  private final List<Remote> remotes = new ArrayList<>();
  private final List<Sainfo> sainfos = new ArrayList<>();
  private Duration keepAlive = IkeOptions.KEEP_ALIVE;
  private Optional<Value> log = Optional.empty();

  RacoonParser(Findings findings) {
    this.findings = findings;
  }

  /// Reads a file; a further one goes on where it ends.
  void read(Source source) {
    read(source, 0);
  }

  /// {@return all that was read}
  RacoonConf read() {
    return new RacoonConf(paths, listen, keepAlive, log, remotes, sainfos);
  }

  private void read(Source source, int depth) {
    Tokens tokens = new Tokens(source, findings);
    while (!tokens.isAt(Kind.END)) {
      try {
        statement(tokens, depth);
      } catch (Unreadable e) {
        findings.problem(e);
        tokens.skip();
        tokens.accept(Kind.CLOSE);
      }
    }
  }

  private void statement(Tokens tokens, int depth) throws Unreadable {
    if (!tokens.isAt(Kind.WORD)) {
      throw tokens.unexpected(STATEMENT);
    }
    Token word = tokens.next();
    switch (word.text()) {
      case "path" -> {
        Value kind = tokens.keyword(PathKind.names());
        Value path = tokens.string("a path in quotes");
        path.path(tokens.source().file()); // refuses what is none, once for all who use it
        paths.put(kind.text(), path);
        tokens.end();
        PathKind.report(kind, findings);
      }
      case "include" -> include(tokens, depth);
      case "listen" -> block(tokens, item -> listen(tokens, item));
      case "timer" -> block(tokens, item -> timer(tokens, item));
      case "padding" -> block(tokens, item -> padding(tokens, item));
      case "privsep" -> {
        block(tokens, item -> privsep(tokens, item));
        findings.warn(
            word.place(), "privsep is ignored: the process that has keys reads packets, too");
      }
      case "log" -> {
        log = Optional.of(tokens.keyword(LEVELS));
        tokens.end();
      }
      case "remote" -> remotes.addFirst(remote(tokens, word));
      case "sainfo" -> sainfo(tokens, word);
      default -> other(tokens, word);
    }
  }

  private void other(Tokens tokens, Token word) throws Unreadable {
    switch (word.text()) {
      case "pfkey_buffer" -> {
        tokens.number("a number of KiB");
        tokens.end();
        findings.warn(word.place(), "pfkey_buffer is ignored: there is no PF_KEY socket");
      }
      case "complex_bundle" -> {
        boolean on = Tokens.isOn(tokens.onOff());
        tokens.end();
        if (on) {
          findings.warn(word.place(), "complex_bundle is ignored: SAs are not bundled so");
        }
      }
      case "gss_id_enc" -> {
        tokens.keyword(List.of("latin1", "utf-16le"));
        tokens.end();
        findings.warn(word.place(), "gss_id_enc is ignored: there is no GSS-API");
      }
      case "mode_cfg", "radiuscfg", "ldapcfg" -> {
        if (!tokens.isAt(Kind.OPEN)) {
          throw tokens.unexpected("{");
        }
        tokens.skip();
        findings.warn(
            word.place(), word.text() + " is ignored: there is neither XAUTH nor mode-config");
      }
      default -> throw new Unreadable(word.word(), STATEMENT);
    }
  }

  @FunctionalInterface
  private interface Item {
    void read(Token word) throws Unreadable;
  }

  private void block(Tokens tokens, Item item) throws Unreadable {
    tokens.expect(Kind.OPEN, "{");
    while (!tokens.isAt(Kind.CLOSE) && !tokens.isAt(Kind.END)) {
      try {
        item.read(tokens.next());
        tokens.end();
      } catch (Unreadable e) {
        findings.problem(e);
        tokens.skip();
      }
    }
    tokens.expect(Kind.CLOSE, "} at the end of the section");
  }

  private void include(Tokens tokens, int depth) throws Unreadable {
    Value pattern = tokens.string("a file in quotes");
    tokens.end();
    if (depth >= Includes.DEPTH) {
      findings.problem(
          pattern.place(), pattern.quoted(), "no more than " + Includes.DEPTH + " files deep");
      return;
    }
    List<Path> files = included(folder(tokens.source().file()), pattern);
    if (files.isEmpty()) {
      findings.problem(
          pattern.place(), "glob found no matches for path " + pattern.quoted(), "a file there");
    }
    for (Path file : files) {
      try {
        read(Source.of(file, Files.readAllBytes(file)), depth + 1);
      } catch (IOException e) {
        findings.problem(
            pattern.place(), file + ", which cannot be read (" + e.getMessage() + ")", "a file");
      }
    }
  }

  private List<Path> included(Path from, Value pattern) {
    try {
      return Includes.expand(from, pattern);
    } catch (Unreadable e) {
      findings.problem(e);
      return List.of();
    }
  }

  /// {@return a file in the folder that includes are relative to}
  private Path folder(Path including) {
    return Optional.ofNullable(paths.get("include"))
        .map(path -> Path.of(path.text()).resolve("racoon.conf"))
        .orElse(including);
  }

  private void listen(Tokens tokens, Token item) throws Unreadable {
    switch (item.text()) {
      case "isakmp" -> isakmp(tokens, item, 500);
      case "isakmp_natt" -> isakmp(tokens, item, 4500);
      case "admin", "adminsock" -> {
        if (!tokens.accept("disabled")) {
          tokens.string("the path of a socket");
          if (tokens.isAt(Kind.STRING)) {
            tokens.string("an owner");
            tokens.string("a group");
            tokens.number("a mode");
          }
        }
        findings.warn(
            item.place(), item.text() + " is ignored: espd's control socket is root's (--control)");
      }
      case "strict_address" -> {} // It is always so.
      default ->
          throw new Unreadable(item.word(), "isakmp, isakmp_natt, adminsock or strict_address");
    }
  }

  private void isakmp(Tokens tokens, Token item, int usual) throws Unreadable {
    Token written = tokens.peek();
    Ipv6Address address = tokens.address("an address of this host");
    Token port = tokens.peek();
    if (tokens.port().orElse(usual) != usual) {
      throw new Unreadable(port.value(), usual + ", the only port that " + item.text() + " has");
    }
    if (address.isIpv4()) {
      findings.warn(
          written.place(), address + " is not listened at: peers are spoken to over IPv6 only");
    } else if (item.is("isakmp") && !listen.contains(address)) {
      listen.add(address);
    }
  }

  private void timer(Tokens tokens, Token item) throws Unreadable {
    switch (item.text()) {
      case "natt_keepalive" -> keepAlive = tokens.time();
      case "counter", "persend" -> {
        tokens.number("a number");
        findings.warn(
            item.place(), item.text() + " is ignored: messages are repeated as in strongSwan");
      }
      case "interval", "phase1", "phase2" -> {
        tokens.time();
        findings.warn(
            item.place(), item.text() + " is ignored: messages are repeated as in strongSwan");
      }
      default ->
          throw new Unreadable(
              item.word(), "counter, interval, persend, phase1, phase2 or natt_keepalive");
    }
  }

  private void padding(Tokens tokens, Token item) throws Unreadable {
    switch (item.text()) {
      case "maximum_length" -> tokens.number("a number of octets");
      case "randomize", "randomize_length", "strict_check", "exclusive_tail" -> tokens.onOff();
      default ->
          throw new Unreadable(
              item.word(),
              "randomize, randomize_length, maximum_length, strict_check or exclusive_tail");
    }
    findings.warn(
        item.place(), item.text() + " is ignored: padding is as RFC 2409 §B and RFC 4303 §2.4 say");
  }

  private void privsep(Tokens tokens, Token item) throws Unreadable {
    if (!item.is("user") && !item.is("group") && !item.is("chroot")) {
      throw new Unreadable(item.word(), "user, group or chroot");
    }
    if (tokens.isAt(Kind.NUMBER) && !item.is("chroot")) {
      tokens.next();
    } else {
      tokens.string("a name in quotes");
    }
  }

  private Remote remote(Tokens tokens, Token word) throws Unreadable {
    Remote remote = new RemoteParser(tokens, findings, word.value(), remotes).read();
    remotes.stream()
        .filter(each -> each.name().equals(remote.name()))
        .findFirst()
        .ifPresent(
            each ->
                findings.warn(
                    each.word().place(),
                    "remote %s is not used: a later one takes its place".formatted(each.name())));
    return remote;
  }

  private void sainfo(Tokens tokens, Token word) throws Unreadable {
    Sainfo sainfo = new SainfoParser(tokens, findings, word.place()).read();
    if (sainfos.stream().anyMatch(each -> each.isSameAs(sainfo))) {
      findings.problem(
          word.place(), "duplicated sainfo " + sainfo.name(), "one sainfo for the same packets");
    }
    sainfos.add(sainfo);
  }
}
