package espd.daemon.cli;

import espd.daemon.cli.SetkeyClient.Wishes;
import espd.daemon.control.ControlClient;
import espd.daemon.control.Section;
import espd.daemon.setkey.Fault;
import espd.daemon.setkey.SetkeyException;
import espd.daemon.setkey.SetkeyParser;
import espd.daemon.setkey.Statement;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd setkey`: setkey as ipsec-tools has it, with its options, texts and exit codes.
@Command(
    name = "setkey",
    description = {
      "Adds, shows and deletes policies and SAs by hand, with the options of",
      "ipsec-tools' setkey: -f FILE, -c, -D, -DP, -F, -FP and more; -h shows them."
    })
final class SetkeyCommand implements Callable<Integer> {

  private static final String USAGE =
      """
      usage: setkey [-nvrk] -c
             setkey [-nvrk] -f filename
             setkey [-Palpvrk] -D
             setkey [-Pv] -F
             setkey [-V] [-h]
      """;

  /// What is read from the standard input as one statement.
  private static final int LONGEST_TYPED = 1023;

  private final Espd espd;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..*", hidden = true)
  private List<String> words = new ArrayList<>();

  SetkeyCommand(Espd espd) {
    this.espd = espd;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    SetkeyOptions options = SetkeyOptions.read(words);
    int exit =
        switch (options.task()) {
          case USAGE -> usage(USAGE);
          case VERSION -> usage("");
          case MESSAGES -> failed("-x: there are no messages of PF_KEY here; see espd capture");
          case STDIN -> typed(System.in, options);
          case SCRIPT -> script(options);
          case DUMP -> options.loop() ? loop(options) : single("dump;", "spddump;", options);
          case FLUSH -> single("flush;", "spdflush;", options);
        };
    out().flush();
    return exit;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private SetkeyClient client(SetkeyOptions options) {
    boolean lines = options.task() == SetkeyOptions.Task.SCRIPT;
    return new SetkeyClient(
        espd.control(),
        new Wishes(options.forwarding(), options.ports(), lines),
        out(),
        spec.commandLine().getErr());
  }

  private int usage(String text) {
    out().println("setkey @(#) espd " + Version.text());
    out().print(text);
    return Exit.FAILED;
  }

  private int failed(String why) {
    spec.commandLine().getErr().println("setkey: " + why);
    return Exit.FAILED;
  }

  private int single(String sas, String policies, SetkeyOptions options) throws IOException {
    byte[] text = (options.policies() ? policies : sas).getBytes(StandardCharsets.US_ASCII);
    try {
      return client(options).perform(SetkeyParser.all(text), text) ? Exit.DONE : Exit.FAILED;
    } catch (SetkeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Does a file's statements; those before an error are done.
  private int script(SetkeyOptions options) throws IOException {
    String file = options.file();
    byte[] text;
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      text = in.readAllBytes();
    } catch (NoSuchFileException e) {
      return failed("Can't open `" + file + "': No such file or directory");
    } catch (IOException e) {
      return failed("Can't open `" + file + "': " + e.getMessage());
    }
    List<Statement> statements = new ArrayList<>();
    Optional<SetkeyException> error = Optional.empty();
    try {
      SetkeyParser parser = new SetkeyParser(text);
      for (Optional<Statement> next = parser.next();
          next.isPresent() && !(next.get() instanceof Statement.Exit);
          next = parser.next()) {
        statements.add(next.get());
      }
    } catch (SetkeyException e) {
      error = Optional.of(e);
    }
    try {
      SetkeyClient client = client(options);
      boolean done = options.nothing() || client.perform(statements, text);
      if (error.isPresent()) {
        Fault fault = error.get().fault();
        say(error.get(), fault.toString());
        client.explain(fault);
        if (!fault.isLexical()) {
          out().println("parse failed, line " + fault.setkeyLine() + ".");
        }
      }
      return done && error.isEmpty() ? Exit.DONE : Exit.FAILED;
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private void say(SetkeyException error, String text) {
    error.libipsec().ifPresent(spec.commandLine().getErr()::println);
    if (!error.fault().message().isEmpty()) {
      out().println(text);
    }
  }

  /// Does statements as they are typed, each when its `;` is read; lines are joined, comments cut.
  private int typed(InputStream in, SetkeyOptions options) throws IOException {
    byte[] text = new byte[LONGEST_TYPED];
    int used = 0;
    boolean comment = false;
    boolean newLine = false;
    int exit = Exit.DONE;
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        newLine = used > 0;
        comment = false;
      } else if (c == '#' || comment) {
        comment = true;
      } else {
        if (newLine && used < text.length) {
          text[used++] = ' ';
        }
        newLine = false;
        if (used < text.length) {
          text[used++] = (byte) c;
        }
        if (c == ';') {
          Typed typed = typed(Arrays.copyOf(text, used), options);
          Arrays.fill(text, (byte) 0);
          used = 0;
          exit = typed == Typed.NOT_DONE ? Exit.FAILED : exit;
          if (typed == Typed.LAST || typed == Typed.LEXICAL) {
            return typed == Typed.LAST ? exit : Exit.FAILED;
          }
        }
      }
    }
    return exit;
  }

  /// What became of a statement that was typed.
  private enum Typed {
    DONE,
    NOT_DONE,
    LEXICAL,
    LAST
  }

  private Typed typed(byte[] text, SetkeyOptions options) throws IOException {
    try {
      Optional<Statement> statement = new SetkeyParser(text).next();
      if (statement.isEmpty() || statement.get() instanceof Statement.Exit) {
        return statement.isEmpty() ? Typed.DONE : Typed.LAST;
      }
      boolean done = options.nothing() || client(options).perform(List.of(statement.get()), text);
      return done ? Typed.DONE : Typed.NOT_DONE;
    } catch (SetkeyException e) {
      Fault fault = e.fault();
      // What is typed has no lines.
      say(e, "line 0: %s at [%s]".formatted(fault.message(), fault.token()));
      out().flush();
      return fault.isLexical() ? Typed.LEXICAL : Typed.DONE;
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /// Shows the SAs every second, a line each, until it is interrupted.
  private int loop(SetkeyOptions options) throws IOException, InterruptedException {
    out()
        .printf(
            "%-4s %-3s %-1s %-8s %-7s %s -> %s%n", "time", "p", "s", "spi", "ltime", "src", "dst");
    SetkeyClient client = client(options);
    while (true) {
      try (ControlClient daemon = UnreachableException.connect(espd.control())) {
        for (Section row : daemon.rows(client.brief())) {
          row.text("text").ifPresent(client::show);
        }
      }
      out().flush();
      Thread.sleep(1000);
    }
  }
}
