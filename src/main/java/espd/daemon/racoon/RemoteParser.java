package espd.daemon.racoon;

import espd.daemon.config.Findings;
import espd.daemon.config.Handling;
import espd.daemon.config.Unreadable;
import espd.daemon.config.Value;
import espd.daemon.racoon.Token.Kind;
import espd.ike.IkeVersion.Phase1Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `remote NAME [inherit NAME] { … }`, behind its first word.
final class RemoteParser {

  private final Tokens tokens;
  private final Findings findings;
  private final Value word;
  private final List<Remote> before;
  private final List<RemoteItem> items = new ArrayList<>();

  /// @param before those that it may inherit from, the last one first
  RemoteParser(Tokens tokens, Findings findings, Value word, List<Remote> before) {
    this.tokens = tokens;
    this.findings = findings;
    this.word = word;
    this.before = before;
  }

  /// {@return the remote; incomplete where something in it cannot be read, as was said}
  Remote read() throws Unreadable {
    int problems = findings.problemCount();
    RemoteName name = name();
    List<RemoteItem> inherited = tokens.accept("inherit") ? inherited() : List.of();
    if (!tokens.accept(Kind.SEMICOLON)) {
      tokens.expect(Kind.OPEN, "inherit, ; or {");
      while (!tokens.isAt(Kind.CLOSE) && !tokens.isAt(Kind.END)) {
        try {
          item(tokens.next());
        } catch (Unreadable e) {
          findings.problem(e);
          tokens.skip();
        }
      }
      tokens.expect(Kind.CLOSE, "} at the end of the remote");
    }
    Remote remote = new Remote(name, word, items, inherited);
    if (findings.problemCount() == problems) {
      reportMissing(remote);
    }
    return remote;
  }

  private RemoteName name() throws Unreadable {
    if (tokens.accept("anonymous")) {
      requireUsualPort();
      return new RemoteName.Anonymous();
    }
    if (tokens.isAt(Kind.STRING)) {
      return new RemoteName.Named(tokens.string("a name").text());
    }
    RemoteName name =
        new RemoteName.OfAddress(
            tokens.address("an address (names are not looked up), anonymous or a name in quotes"));
    requireUsualPort();
    return name;
  }

  private void requireUsualPort() throws Unreadable {
    Token port = tokens.peek();
    int number = tokens.port().orElse(500);
    if (number != 500 && number != 0) {
      throw new Unreadable(port.value(), "port 500, which peers are spoken to at");
    }
  }

  private List<RemoteItem> inherited() throws Unreadable {
    Token parent = tokens.peek();
    RemoteName name = name();
    for (Remote each : before) {
      if (each.name().equals(name)) {
        return each.all();
      }
    }
    throw new Unreadable(parent.place(), "inherit " + name, "a remote that stands before this one");
  }

  private void reportMissing(Remote remote) {
    if (remote.modes().isEmpty()) {
      findings.problem(
          word.place(), "remote " + remote.name() + " without exchange_mode", "exchange_mode main");
    }
    if (remote.proposals().isEmpty()) {
      findings.problem(
          word.place(), "remote " + remote.name() + " without a proposal", "proposal { … } in it");
    }
    long groups =
        remote.proposals().stream().map(each -> each.group().word().text()).distinct().count();
    if (remote.modes().indexOf(Phase1Mode.AGGRESSIVE) == 0 && groups > 1) {
      findings.problem(
          word.place(),
          "proposals of several groups",
          "one: DH group must be equal in all proposals when aggressive mode is used");
    }
  }

  private void item(Token token) throws Unreadable {
    Optional<RemoteChoice> choice = RemoteChoice.of(token.text());
    Optional<RemoteAmount> amount = RemoteAmount.of(token.text());
    if (token.kind() != Kind.WORD) {
      throw new Unreadable(token.word(), "a statement of a remote");
    }
    if (choice.isPresent()) {
      choice(choice.get(), token);
    } else if (amount.isPresent()) {
      amount(amount.get(), token);
    } else {
      other(token);
    }
  }

  private void choice(RemoteChoice choice, Token token) throws Unreadable {
    Value chosen = tokens.keyword(choice.words());
    tokens.end();
    report(choice.handling(), token, chosen);
    items.add(new RemoteItem.Choice(choice, RemoteChoice.plain(chosen.text())));
  }

  private void amount(RemoteAmount amount, Token token) throws Unreadable {
    Token written = tokens.peek();
    String expected = "a number from %d to %d".formatted(amount.least(), amount.most());
    int number = tokens.number(expected);
    if (number < amount.least() || number > amount.most()) {
      throw new Unreadable(written.value(), expected);
    }
    tokens.end();
    report(amount.handling(), token, written.value());
    items.add(new RemoteItem.Amount(amount, number));
  }

  private void report(Handling handling, Token token, Value value) {
    if (handling.concerns(value)) {
      handling.report(token.place(), token.text() + " " + value, findings);
    }
  }

  private void other(Token token) throws Unreadable {
    switch (token.text()) {
      case "remote_address" -> {
        items.add(new RemoteItem.Address(tokens.address("an address")));
        requireUsualPort();
        tokens.end();
      }
      case "exchange_mode" -> modes();
      case "my_identifier" -> {
        items.add(new RemoteItem.MyIdentifier(tokens.identifier(token.value())));
        tokens.end();
      }
      case "peers_identifier" -> {
        items.add(new RemoteItem.PeersIdentifier(tokens.identifier(token.value())));
        tokens.end();
      }
      case "certificate_type" -> certificate();
      case "peers_certfile" -> peersCertificate(token);
      case "ca_type" -> {
        tokens.keyword(List.of("x509"));
        items.add(new RemoteItem.Authority(tokens.string("the file of an authority")));
        tokens.end();
      }
      case "lifetime" -> items.add(new RemoteItem.Lifetime(tokens.lifetime()));
      case "proposal" ->
          new ProposalParser(tokens, findings, token.value())
              .read()
              .ifPresent(each -> items.add(new RemoteItem.Proposal(each)));
      case "dh_group" ->
          throw new Unreadable(token.value(), "it in a proposal: dh_group cannot be defined here");
      case "script" -> withoutEffect(token, "no scripts are run; the control socket tells events");
      case "xauth_login" -> withoutEffect(token, "there is no XAUTH");
      case "keepalive" -> withoutEffect(token, "a NAT is kept awake in any case");
      default -> throw new Unreadable(token.word(), "a statement of a remote, as exchange_mode");
    }
  }

  private void withoutEffect(Token token, String why) throws Unreadable {
    Optional<Value> argument =
        tokens.isAt(Kind.STRING) ? Optional.of(tokens.next().value()) : Optional.empty();
    while (!tokens.isAt(Kind.SEMICOLON)) {
      tokens.expect(Kind.WORD, "; at the end of the statement");
    }
    tokens.end();
    findings.warn(token.place(), token.text() + " is ignored: " + why);
    items.add(new RemoteItem.WithoutEffect(token.value(), argument));
  }

  private void modes() throws Unreadable {
    List<Phase1Mode> modes = new ArrayList<>();
    List<Value> base = new ArrayList<>();
    do {
      Value mode = tokens.keyword(List.of("main", "aggressive", "base"));
      switch (mode.text()) {
        case "main" -> modes.add(Phase1Mode.MAIN);
        case "aggressive" -> modes.add(Phase1Mode.AGGRESSIVE);
        default -> base.add(mode);
      }
      tokens.accept(Kind.COMMA);
    } while (!tokens.isAt(Kind.SEMICOLON));
    String why = "base mode is a draft that only KAME's programs had";
    if (modes.isEmpty()) {
      throw new Unreadable(base.getFirst(), "main or aggressive (" + why + ")");
    }
    tokens.end();
    base.forEach(each -> findings.warn(each.place(), "base is ignored: " + why));
    items.add(new RemoteItem.Modes(modes.stream().distinct().toList()));
  }

  private void certificate() throws Unreadable {
    Value type = tokens.keyword(List.of("x509", "plain_rsa"));
    if (type.text().equals("plain_rsa")) {
      throw new Unreadable(type, "x509, as a key proves nothing without a certificate here");
    }
    items.add(
        new RemoteItem.Certificate(
            tokens.string("the file of a certificate"), tokens.string("the file of its key")));
    tokens.end();
  }

  private void peersCertificate(Token token) throws Unreadable {
    if (tokens.peek().is("plain_rsa") || tokens.peek().is("dnssec")) {
      throw new Unreadable(
          tokens.peek().value(), "x509, as a key proves nothing without a certificate here");
    }
    if (!tokens.accept("x509")) {
      findings.warn(token.place(), "peers_certfile without x509 is deprecated");
    }
    items.add(new RemoteItem.PeersCertificate(tokens.string("x509 and a file")));
    tokens.end();
  }
}
