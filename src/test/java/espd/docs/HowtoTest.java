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
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
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

  private Terminal racoonsHost(Host host, UnaryOperator<String> asThere) throws IOException {
    Terminal terminal = Terminal.open(lab, host);
    for (String file : List.of("racoon.conf", "psk.txt", "setkey.sh")) {
      terminal.edit("/etc/racoon/" + file, asThere.apply(howto("racoon/" + file)));
    }
    printed(terminal, "chmod 600 /etc/racoon/psk.txt");
    printed(terminal, "espd racoon -F -v -f /etc/racoon/racoon.conf >/run/racoon.log 2>&1 &");
    printed(terminal, "until [ -S /run/espd.ctl ]; do sleep 0.1; done");
    printed(terminal, "espd setkey -f /etc/racoon/setkey.sh");
    return terminal;
  }

  /// {@return the same with the addresses exchanged}
  private String asThere(String text) {
    return text.replace(lab.a().address(), "HERE")
        .replace(lab.b().address(), lab.a().address())
        .replace("HERE", lab.b().address());
  }

  @Test
  void racoonSaysAndHasWhatTheHowtoShows() throws IOException {
    Terminal here = racoonsHost(lab.a(), text -> text);
    racoonsHost(lab.b(), this::asThere);
    printed(here, "ping -c 1 " + lab.b().address());
    printed(here, "ping -c 2 -i 0.5 " + lab.b().address());
    // What says which program it is cannot be the same; and racoon warned of nothing.
    String log = howto("racoon/log.txt").replaceAll("@\\(#\\).*", "@(#)…");
    assertShape(log, printed(here, "sed '/: WARNING: /d; s/ *$//' /run/racoon.log"));
    assertShape(
        howto("racoon/sad.txt").replace("seq=0x00000000", "seq=0x00000003"),
        printed(here, "espd setkey -D | expand | sed 's/ *$//'"));
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
