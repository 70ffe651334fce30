package espd.daemon.setkey;

import espd.daemon.setkey.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads statements, one after the other, as setkey does them: those before an error stand.
public final class SetkeyParser {

  private static final String EXPECTED =
      "add, delete, deleteall, get, flush, dump, spdadd, spdupdate, spddelete, spdflush, spddump"
          + " or exit";

  private final Tokens tokens;
  private final SaParser sas;
  private final SpdParser policies;

  /// @param text borrowed: its octets are looked at until the last statement is read, not changed
  public SetkeyParser(byte[] text) {
    this.tokens = new Tokens(new SetkeyLexer(text));
    this.sas = new SaParser(tokens);
    this.policies = new SpdParser(tokens);
  }

  /// {@return all statements of a text, up to an `exit`}
  ///
  /// @param text borrowed
  /// @throws SetkeyException when it is not setkey's language; keys read by then are wiped
  public static List<Statement> all(byte[] text) throws SetkeyException {
    List<Statement> statements = new ArrayList<>();
    SetkeyParser parser = new SetkeyParser(text);
    try {
      for (Optional<Statement> next = parser.next(); next.isPresent(); next = parser.next()) {
        if (next.get() instanceof Statement.Exit) {
          return statements;
        }
        statements.add(next.get());
      }
      return statements;
    } catch (SetkeyException e) {
      statements.forEach(Statement::discard);
      throw e;
    }
  }

  /// {@return the next statement, or nothing at the end of the text}
  ///
  /// @throws SetkeyException when it cannot be read; nothing after it can be then
  public Optional<Statement> next() throws SetkeyException {
    Token first = tokens.peek();
    if (first.kind() == Kind.EOF) {
      return Optional.empty();
    }
    tokens.begin();
    Token word = tokens.expect(Kind.RESERVED, EXPECTED);
    Draft draft = draft(word);
    Token end;
    try {
      end = tokens.expect(Kind.END, "; at the end of the statement");
    } catch (SetkeyException e) {
      draft.at(new Where(0, 0, 0, 0, 0)).discard();
      throw e;
    }
    Where where = new Where(first.line(), first.column(), end.line(), first.from(), end.to());
    Statement statement = draft.at(where);
    Optional<Fault> fault = tokens.unsupported();
    if (fault.isEmpty()) {
      return Optional.of(statement);
    }
    statement.discard();
    return Optional.of(new Statement.Unsupported(where, fault.get()));
  }

  /// A statement of which all is read but its end.
  @FunctionalInterface
  interface Draft {

    /// {@return the statement}
    Statement at(Where where);
  }

  private Draft draft(Token word) throws SetkeyException {
    return switch (tokens.text(word)) {
      case "add" -> sas.add();
      case "get" -> sas.named(Statement.Get::new);
      case "delete" -> sas.named(Statement.Delete::new);
      case "deleteall" -> sas.deleteAll();
      case "flush" -> sas.ofProtocol(Statement.Flush::new);
      case "dump" -> sas.ofProtocol(Statement.Dump::new);
      case "exit", "quit", "bye" -> Statement.Exit::new;
      case "spdadd" -> policies.policy(Statement.SpdAdd::new);
      case "spdupdate" -> policies.policy(Statement.SpdUpdate::new);
      case "spddelete" -> policies.delete();
      case "spddump" -> Statement.SpdDump::new;
      case "spdflush" -> Statement.SpdFlush::new;
      default -> throw tokens.syntax(word, EXPECTED);
    };
  }
}
