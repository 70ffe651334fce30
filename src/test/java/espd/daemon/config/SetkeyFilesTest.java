package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.setkey.ByHand;
import espd.daemon.setkey.SetkeyPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of setkey's language in a configuration.
class SetkeyFilesTest {

  private static final String OUT =
      "spdadd 2001:db8:1:1::1 2001:db8:2:2::2 any -P out ipsec esp/transport//require;\n";
  private static final String IN =
      "spdadd 2001:db8:2:2::2 2001:db8:1:1::1 any -P in ipsec esp/transport//require;\n";
  private static final String ADD =
      "add 2001:db8:1:1::1 2001:db8:2:2::2 esp 0x100 -E null -A hmac-md5 \"sixteen octets!!\";\n";

  @TempDir private Path folder = Path.of("");

  private Configuration read(String... texts) throws Exception {
    Path[] files = new Path[texts.length];
    for (int i = 0; i < texts.length; i++) {
      files[i] = folder.resolve("setkey" + i + (texts[i].startsWith("# kept") ? ".spd" : ".conf"));
      Files.writeString(files[i], texts[i]);
      Files.setPosixFilePermissions(files[i], PosixFilePermissions.fromString("rw-------"));
    }
    return Configuration.read(List.of(files), ConfFolder.HOST);
  }

  private static String policies(ByHand byHand) {
    return byHand.policies().stream()
        .map(SetkeyPolicy::toString)
        .map(text -> text.replace("2001:db8:1:1::1/128", "A").replace("2001:db8:2:2::2/128", "B"))
        .collect(Collectors.joining("; "));
  }

  @Test
  void readsPoliciesAndSasWithoutAnyOtherFile() throws Exception {
    Configuration read = read("#!/sbin/setkey -f\nflush;\nspdflush;\n" + OUT + IN + ADD);
    assertEquals(
        "A B any -P out ipsec esp/transport//require; B A any -P in ipsec esp/transport//require",
        policies(read.byHand()));
    assertEquals(1, read.byHand().associations().size());
    assertEquals(List.of(), read.warnings());
    assertEquals(List.of(), read.connections());
  }

  /// A file with keys, as `ipsec.secrets`; one of policies alone everybody may read.
  @Test
  void refusesKeysThatEverybodyMayRead() throws Exception {
    Path file = Files.writeString(folder.resolve("setkey.conf"), OUT + IN);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(2, Configuration.read(List.of(file), ConfFolder.HOST).byHand().policies().size());
    Files.writeString(file, OUT + IN + ADD);
    String refusal =
        assertThrows(
                ConfigException.class, () -> Configuration.read(List.of(file), ConfFolder.HOST))
            .problems()
            .toString();
    assertTrue(refusal.contains("everybody may read (rw-r--r--)"), refusal);
    assertTrue(refusal.contains("chmod 600 " + file), refusal);
  }

  @Test
  void doesWhatEveryStatementSaysInItsOrder() throws Exception {
    String update = OUT.replace("spdadd", "spdupdate").replace("require", "unique");
    String delete = IN.replace("spdadd", "spddelete");
    ByHand byHand =
        read(
                OUT + IN + update + delete,
                ADD + ADD.replace("0x100", "0x101") + ADD.replace("0x100", "0x102"),
                "delete 2001:db8:1:1::1 2001:db8:2:2::2 esp 0x101;")
            .byHand();
    assertEquals("A B any -P out ipsec esp/transport//unique", policies(byHand));
    assertEquals(
        List.of(0x100, 0x102), byHand.associations().stream().map(a -> a.name().spi()).toList());
    assertEquals(
        0,
        read(ADD + "deleteall 2001:db8:1:1::1 2001:db8:2:2::2 esp;")
            .byHand()
            .associations()
            .size());
    assertEquals(0, read(ADD + "flush;").byHand().associations().size());
    assertEquals(1, read(ADD + "flush ah;").byHand().associations().size());
  }

  /// The column is that of the word that cannot be used, the line that of its own.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          flush nonsense;      | 2:7  | "nonsense" | ; at the end of the statement
          flush = ;            | 2:7  | "=" | a word, a number, an address or ;
          OUT OUT              | 3:1  | what cannot be done: File exists | one statement for each policy and each SA
          ADD ADD              | 3:1  | what cannot be done: File exists | one statement for each policy and each SA
          spddelete ::1 ::2 any -P in;   | 2:1 | what cannot be done: No entry | a statement before that adds it
          delete ::1 ::2 esp 256;        | 2:1 | what cannot be done: No such process | a statement before that adds it
          spdadd ::1 ::2 any -P fwd none; | 2:1 | what cannot be done: Operation not supported | an in policy, which is fwd, too
          add ::1 ::2 esp 256 -E null -A hmac-md5 "sixteen octets!!"; | 2:1 | what cannot be done: Cannot assign requested address | one end that is an address of this host
          spdadd ::1 ::2 any -P out ipsec esp/transport; | 2:1 | ::1 as this host's end | an address of this host; on the peer in and out change places
          spdadd ::1 ::2 any -P out ipsec ah/transport; | 2:33 | "ah" | esp: there is no AH here
          """)
  void saysFileLineAndColumnOfEveryError(String text, String place, String read, String expected) {
    String whole = "# text\n" + text.replace("OUT", OUT.strip() + "\n").replace("ADD", ADD);
    whole = whole.replace("\n ", "\n");
    String file = folder.resolve("setkey0.conf").toString();
    String all = whole;
    assertEquals(
        "%s:%s: read %s, expected %s".formatted(file, place, read, expected),
        assertThrows(ConfigException.class, () -> read(all)).getMessage());
  }

  @Test
  void theHowtosFilesForThePeerAreAnErrorHere() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> read(OUT.replace("-P out", "-P in")));
    String said = String.valueOf(e.getMessage());
    assertTrue(said.contains("in and out change places"), said);
  }

  @Test
  void whatIsKeptGivesWayToWhatPeopleWrite() throws Exception {
    String kept = "# kept\n" + OUT + IN;
    assertEquals(2, read(kept).byHand().kept().size());
    ByHand both = read(kept, OUT.replace("require", "unique")).byHand();
    assertEquals(
        "B A any -P in ipsec esp/transport//require; A B any -P out ipsec esp/transport//unique",
        policies(both));
    assertEquals(1, both.kept().size());
    assertEquals(0, read(kept, "spdflush;").byHand().kept().size());
    assertEquals(
        "left out, for no end is an address of this host",
        read("# kept\n" + OUT.replace("1:1::1", "9::9")).warnings().getFirst().text());
  }

  @Test
  void warnsOfCountersThatBeginAnew() throws Exception {
    String gcm =
        ADD.replace("null -A hmac-md5 \"sixteen octets!!\"", "aes-gcm-16 \"sixteen octets!!salt\"");
    assertTrue(read(gcm).warnings().getFirst().text().contains("RFC 8221 §3"));
  }
}
