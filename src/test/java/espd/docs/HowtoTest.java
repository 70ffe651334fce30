package espd.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.Sources;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Terminal;
import espd.lab.Terminal.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A HOWTO of 2005 done again from its own files: what is seen has the shape of what it shows.
@InLab
class HowtoTest {

  private static final Duration COMMAND = Duration.ofSeconds(60);

  @RegisterExtension private final Lab lab = new Lab();

  /// {@return a file of the HOWTO, or an output that it shows}
  private static String howto(String name) throws IOException {
    return Files.readString(Sources.root().resolve("scripts/lib/howto").resolve(name));
  }

  private static String printed(Terminal host, String command) {
    Typed typed = host.type(command);
    assertEquals(0, typed.awaitExit(COMMAND), () -> command + "\n" + typed.printed());
    return typed.printed();
  }

  private static void assertShape(String shown, String printed) {
    assertEquals(Optional.empty(), Shape.of(shown.lines().toList()).missingIn(printed), printed);
  }

  private Terminal plutosHost(Host host) throws IOException {
    Terminal terminal = Terminal.open(lab, host);
    terminal.edit("/etc/ipsec.conf", howto("pluto/ipsec.conf"));
    terminal.edit("/etc/ipsec.secrets", howto("pluto/ipsec.secrets"));
    printed(terminal, "chmod 600 /etc/ipsec.secrets");
    printed(terminal, "espd ipsec start");
    return terminal;
  }

  @Test
  void plutoSaysAndHasWhatTheHowtoShows() throws IOException {
    Terminal here = plutosHost(lab.a());
    plutosHost(lab.b());
    assertShape(howto("pluto/up.txt"), printed(here, "espd ipsec auto --up ipv6-p1-p2"));
    // Pluto looked after lifetimes itself; here the SAs have them.
    String sad =
        howto("pluto/sad.txt")
            .replaceAll("(?<to>diff:.*hard: )0(?<and>.*soft: )0", "${to}9${and}9");
    // The HOWTO's text has neither tabs nor blanks at the end of a line.
    assertShape(sad, printed(here, "espd setkey -D | expand | sed 's/ *$//'"));
  }
}
