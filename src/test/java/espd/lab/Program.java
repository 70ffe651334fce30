package espd.lab;

import espd.Sources;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/// Our program, made of the classes that the tests have, and as quick to start as where it is
/// installed: its folders of classes are put into one jar, and Java has written down in a first run
/// what it finds out about them (JEP 483, JEP 514). Made anew, in `target/lab`, whenever a class is
/// another.
final class Program {

  private static final Path FOLDER = Sources.root().resolve("target/lab");
  private static final Path JAR = FOLDER.resolve("espd.jar");
  private static final Path LEARNT = FOLDER.resolve("espd.aot");

  /// A cache that does not fit is no reason for words: the start is slower, that is all.
  private static final List<String> WITH_LEARNT =
      List.of("-XX:AOTCache=" + LEARNT, "-Xlog:disable", "-Xlog:all=error:stderr");

  /// What a daemon starts with, made when the first one of this process is to start.
  private static final class Made {
    static final List<String> OPTIONS = make();
  }

  private static final Path MADE_OF = FOLDER.resolve("made-of");
  private static final Duration LEARNING = Duration.ofSeconds(90);

  /// The collector of the program cannot write objects down, only read them.
  private static final String WRITER = "JDK_AOT_VM_OPTIONS=-XX:-UseSerialGC -XX:+UseG1GC";

  private static final String CONNECTION =
      """
      keyexchange=ikev2
      authby=secret
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      auto=add
      """;

  private Program() {}

  /// {@return the command that runs it with `arguments`}
  static List<String> command(String... arguments) {
    List<String> words = List.of(arguments);
    boolean daemon = words.contains("run") || words.contains("racoon");
    List<String> learnt = Made.OPTIONS; // There is no jar before.
    return java(daemon ? learnt : List.of(), arguments);
  }

  /// {@return a script that runs it with the arguments of its own}
  static String script() {
    // As scripts/lib/launch.sh: espd ipsec start runs it once more.
    return """
    #!/bin/sh
    export ESPD_PROGRAM=$0
    case " $* " in
      *" run "* | *" racoon "*) exec %s "$@" ;;
    esac
    exec %s "$@"
    """
        .formatted(String.join(" ", java(Made.OPTIONS)), String.join(" ", java(List.of())));
  }

  private static List<String> java(List<String> options, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(options);
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData"));
    // What a test starts lives too short for the optimising compiler.
    words.add("-XX:TieredStopAtLevel=1");
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("--sun-misc-unsafe-memory-access=allow");
    words.addAll(List.of("-cp", classPath(), "espd.daemon.Main"));
    words.addAll(List.of(arguments));
    return words;
  }

  private static String classPath() {
    Stream<String> jars = parts().filter(Files::isRegularFile).map(Path::toString);
    return Stream.concat(Stream.of(JAR.toString()), jars)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// The folders and jars of the class path that are of the program.
  private static Stream<Path> parts() {
    String own = System.getProperty("java.class.path", "");
    return Stream.of(own.split(File.pathSeparator, -1))
        .filter(part -> !part.contains("test-classes"))
        .map(Path::of)
        .filter(Files::exists);
  }

  /// Makes it, if that has not been done since a class is another. One at a time.
  ///
  /// @return the options by which Java takes what it has learnt
  private static List<String> make() {
    try {
      Files.createDirectories(FOLDER);
      try (FileChannel channel =
              FileChannel.open(
                  FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        String now = whatItIsMadeOf();
        if (!Files.exists(MADE_OF) || !Files.readString(MADE_OF).equals(now)) {
          Files.deleteIfExists(MADE_OF);
          Files.deleteIfExists(LEARNT);
          pack();
          learn();
          Files.writeString(MADE_OF, now);
        }
      }
      return Files.exists(LEARNT) ? WITH_LEARNT : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return Java's version, and of each file when it was written}
  private static String whatItIsMadeOf() throws IOException {
    StringBuilder all = new StringBuilder(Runtime.version() + "\n");
    for (Path part : parts().toList()) {
      for (Path file : files(part)) {
        all.append(file).append(' ').append(Files.getLastModifiedTime(file)).append('\n');
      }
    }
    return all.toString();
  }

  private static List<Path> files(Path part) throws IOException {
    try (Stream<Path> files = Files.walk(part)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void pack() throws IOException {
    Set<String> names = new HashSet<>();
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(JAR))) {
      jar.setLevel(Deflater.NO_COMPRESSION);
      for (Path folder : parts().filter(Files::isDirectory).toList()) {
        for (Path file : files(folder)) {
          String name = folder.relativize(file).toString();
          if (names.add(name)) {
            jar.putNextEntry(new JarEntry(name));
            Files.copy(file, jar);
          }
        }
      }
    }
  }

  /// Two daemons negotiate, and Java writes down what one of them was. Where that cannot be done,
  /// all starts are slow, and the tests tell what is wrong.
  private static void learn() throws IOException {
    Lab lab = new Lab();
    try {
      lab.setUp();
      List<String> words = java(List.of("-XX:AOTCacheOutput=" + LEARNT), "run");
      words.addAll(0, List.of("env", WRITER));
      Espd learner = Espd.start(lab, lab.a(), CONNECTION, words);
      Espd.start(lab, lab.b(), CONNECTION, java(List.of(), "run"));
      learner.up();
      lab.a().pings(lab.b());
      learner.metrics();
      learner.control("status").succeeded();
      learner.control("sad").succeeded();
      Running.run(List.of("kill", "" + learner.daemon().pid())).succeeded();
      Running.await("Java has written", LEARNING, () -> !learner.daemon().isAlive());
    } catch (AssertionError | IllegalStateException e) {
      System.err.println("the program has not learnt to start fast: " + e);
    } finally {
      lab.tearDown();
    }
  }
}
