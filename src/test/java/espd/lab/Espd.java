package espd.lab;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Our program on a host, as a user runs it: a daemon from configuration files, and commands to it.
public final class Espd implements AutoCloseable {

  /// The secret that both ends have.
  public static final String SECRET = "verysecret";

  private static final Duration START = Duration.ofSeconds(60);
  private static final String METRICS_PORT = "9500";

  /// On every address, for whoever watches several hosts.
  private static final String METRICS = "[::]:" + METRICS_PORT;

  private final Host host;
  private final List<String> program;
  private final Path control;
  private Running daemon;

  /// @param program runs a daemon that is told what to do, save where it is reached
  private Espd(Host host, List<String> program) {
    this.host = host;
    this.program = List.copyOf(program);
    this.control = host.directory().resolve("control");
    this.daemon = launch();
  }

  /// Starts a daemon with one connection, and waits until it answers commands.
  ///
  /// @param lab that ends it after the test
  /// @param host where it runs
  /// @param connection the lines of the connection, `key=value`; its name is `net`
  public static Espd start(Lab lab, Host host, String connection) {
    return start(lab, host, connection, "");
  }

  /// Starts a daemon with several connections.
  ///
  /// @param more connections beside `net`, as they stand in the file
  public static Espd start(Lab lab, Host host, String connection, String more) {
    return start(lab, host, List.of(command("run")), configured(host, connection, more));
  }

  /// Starts a daemon with one connection in another way than from the classes of the test.
  ///
  /// @param program what takes the further arguments of `espd run`
  public static Espd start(Lab lab, Host host, String connection, List<String> program) {
    return start(lab, host, program, configured(host, connection, ""));
  }

  /// Starts a daemon from files.
  public static Espd start(Lab lab, Host host, Path... files) {
    return start(
        lab,
        host,
        List.of(command("run")),
        Stream.of(files).flatMap(file -> Stream.of("--config", file.toString())).toList());
  }

  /// Starts a daemon without files, which is told everything through its control socket.
  public static Espd startEmpty(Lab lab, Host host) {
    return start(lab, host, List.of(command("run")), List.of("--listen", host.address()));
  }

  /// Starts a daemon with one file of any language that it reads.
  ///
  /// @param name of the file
  public static Espd startWith(Lab lab, Host host, String name, String text) {
    Path file = host.directory().resolve(name);
    Pki.write(file, text);
    return start(lab, host, List.of(command("run")), List.of("--config", file.toString()));
  }

  /// Starts a daemon as racoon is started, in the foreground, and waits until it listens.
  ///
  /// @param conf its `racoon.conf`
  public static Espd startRacoon(Lab lab, Host host, Path conf) {
    Espd espd =
        lab.closing(new Espd(host, List.of(command("racoon", "-F", "-v", "-f", conf.toString()))));
    espd.daemon.awaitLog(" used as isakmp port ", START);
    return espd;
  }

  private static Espd start(Lab lab, Host host, List<String> program, List<String> sources) {
    List<String> words = Stream.of(program, sources).flatMap(List::stream).toList();
    Espd espd = lab.closing(new Espd(host, words));
    espd.awaitStart();
    return espd;
  }

  private static List<String> configured(Host host, String connection, String more) {
    Path conf = host.directory().resolve("ipsec.conf");
    Path secrets = host.directory().resolve("ipsec.secrets");
    Pki.write(conf, "conn net\n" + connection.indent(4) + more);
    // Without identities it is for all of them, whatever names a connection gives its ends.
    Pki.write(
        secrets,
        """
        : PSK "%s"
        carol : EAP "%s"
        @moon-sun : PPKS "%s"
        """
            .formatted(SECRET, SECRET, SECRET));
    return List.of("--config", conf.toString(), "--config", secrets.toString());
  }

  /// Writes its connections anew, which it is not told of.
  ///
  /// @param text the whole `ipsec.conf`
  public void rewrite(String text) {
    Pki.write(host.directory().resolve("ipsec.conf"), text);
  }

  /// {@return the command that runs the program with `arguments`}
  public static String[] command(String... arguments) {
    return Program.command(arguments).toArray(String[]::new);
  }

  /// Makes an executable file that is the program, as an installation puts it into `PATH`.
  static void install(Path file) {
    Pki.write(file, Program.script());
    if (!file.toFile().setReadable(true, false) || !file.toFile().setExecutable(true, false)) {
      throw new IllegalStateException(file + " cannot be made a program");
    }
  }

  private Running launch() {
    List<String> words = new ArrayList<>(program);
    words.addAll(List.of("--control", control.toString()));
    if (!words.contains("racoon")) {
      words.addAll(List.of("--metrics", METRICS));
    }
    return host.start("espd", words.toArray(String[]::new));
  }

  private void awaitStart() {
    daemon.awaitLog("; control socket ", START);
  }

  /// Starts the daemon again, which must have ended.
  public void restart() {
    daemon = launch();
    awaitStart();
  }

  /// {@return the daemon's process}
  public Running daemon() {
    return daemon;
  }

  /// Runs a command to the daemon, `up net`, in our own process: its socket is a file, which every
  /// namespace sees, and no Java machine has to start.
  public Output control(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("--control", control.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        espd.daemon.cli.Espd.commandLine(options -> 1)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(words.toArray(String[]::new));
    return new Output(words, exit, out.toString(), err.toString());
  }

  /// Runs strongSwan's client against it, with the files in the host's directory.
  public Output swanctl(String... arguments) {
    return host.run(swanctlCommand(arguments));
  }

  /// Starts strongSwan's client against it.
  ///
  /// @param name of its log, which is written a line at a time
  public Running startSwanctl(String name, String... arguments) {
    return host.start(
        name,
        Stream.concat(Stream.of("stdbuf", "-oL"), Stream.of(swanctlCommand(arguments)))
            .toArray(String[]::new));
  }

  private String[] swanctlCommand(String... arguments) {
    return Stream.concat(
            Stream.of("env", "SWANCTL_DIR=" + host.directory(), "swanctl"),
            Stream.concat(Stream.of(arguments), Stream.of("--uri", "unix://" + control)))
        .toArray(String[]::new);
  }

  /// Negotiates the connection.
  public Output up() {
    return control("up", "net").succeeded();
  }

  /// {@return the SAs as the daemon prints them}
  public List<SadEntry> sad() {
    return SadEntry.read(control("sad").succeeded().out());
  }

  /// {@return the newest SA that protects packets from `from` to `to`}
  public SadEntry sa(Host from, Host to) {
    return sad().stream()
        .filter(sa -> sa.from().equals(from.address()) && sa.to().equals(to.address()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no SA from " + from.name() + " to " + to.name()));
  }

  /// {@return every figure of the metrics page: its name with labels, its value}
  public Map<String, Double> metrics() {
    Map<String, Double> figures = new LinkedHashMap<>();
    metricsPage()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              figures.put(line.substring(0, end), Double.parseDouble(line.substring(end + 1)));
            });
    return figures;
  }

  private String metricsPage() {
    return host.run("curl", "-sgf", "-m", "2", "http://[::1]:" + METRICS_PORT + "/metrics").out();
  }

  /// {@return the sum of the figures whose name begins with `family` and has all `labels`}
  ///
  /// @param labels as in the page: `reason="replayed"`
  public long count(String family, String... labels) {
    return (long)
        metrics().entrySet().stream()
            .filter(figure -> figure.getKey().startsWith(family))
            .filter(figure -> Stream.of(labels).allMatch(figure.getKey()::contains))
            .mapToDouble(Map.Entry::getValue)
            .sum();
  }

  /// {@return what `espd doctor` tells on its host, of its files}
  public String doctor() {
    String files = host.directory() + "/ipsec.";
    return host.run(
            command(
                "doctor",
                "--control",
                host.directory() + "/control",
                "--config",
                files + "conf",
                "--config",
                files + "secrets"))
        .out();
  }

  /// {@return how many packets were dropped for a reason}
  public long drops(String reason) {
    return count("espd_drops_total", "reason=\"" + reason + "\"");
  }

  @Override
  public void close() {
    daemon.close();
  }
}
