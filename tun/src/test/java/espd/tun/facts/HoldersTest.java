package espd.tun.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who holds what, in a `/proc` that is planted.
class HoldersTest {

  @TempDir private Path root;

  @BeforeEach
  void processes() throws IOException {
    file("proc/net/udp6", "");
    file("proc/net/tcp6", "");
    Path charon = Files.createDirectories(root.resolve("proc/812/fd"));
    file("proc/812/comm", "charon\n");
    Files.createSymbolicLink(charon.resolve("7"), Path.of("socket:[4711]"));
    Path java = Files.createDirectories(root.resolve("proc/900/fd"));
    file("proc/900/comm", "java\n");
    for (String process : List.of("self", "812", "900", "901")) {
      Path namespaces = Files.createDirectories(root.resolve("proc/" + process + "/ns"));
      String number = process.equals("901") ? "net:[2]" : "net:[1]";
      Files.createSymbolicLink(namespaces.resolve("net"), Path.of(number));
    }
    Files.createSymbolicLink(java.resolve("5"), Path.of("/dev/net/tun"));
    file("proc/900/fdinfo/5", "pos:\t0\nflags:\t0104002\niff:\tespd0\n");
    Path elsewhere = Files.createDirectories(root.resolve("proc/901/fd"));
    Files.createSymbolicLink(elsewhere.resolve("5"), Path.of("/dev/net/tun"));
    file("proc/901/fdinfo/5", "iff:\tespd1\n");
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<Holder> at(String bound, String local, int port) throws IOException {
    file(
        "proc/net/udp6",
        """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
         1213: %s:01F4 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 0
        """
            .formatted(bound));
    return new Holders(new HostFiles(root)).ofUdpPort(Ipv6Address.parse(local), port);
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000000000000000000000000, 2001:db8:1:1::1, 500, true",
    "00000000000000000000000000000000, ::, 500, true",
    "B80D0120010001000000000001000000, ::, 500, true",
    "B80D0120010001000000000001000000, 2001:db8:1:1::1, 500, true",
    "B80D0120010001000000000001000000, 2001:db8:1:1::2, 500, false",
    "00000000000000000000000000000000, ::, 4500, false"
  })
  void findsWhoKeepsOthersFromAPort(String bound, String local, int port, boolean held)
      throws IOException {
    assertEquals(held ? List.of(new Holder(812, "charon")) : List.of(), at(bound, local, port));
  }

  @Test
  void saysThatAHolderCannotBeSeen() throws IOException {
    Files.delete(root.resolve("proc/812/fd/7"));
    List<Holder> holders = at("0".repeat(32), "::", 500);
    assertEquals(1, holders.size());
    assertEquals("a process that cannot be seen from here", holders.getFirst().toString());
  }

  @ParameterizedTest
  @CsvSource({"0A, true", "01, false"})
  void whoListensKeepsOthersFromATcpPort(String state, boolean held) throws IOException {
    file(
        "proc/net/tcp6",
        """
           0: 00000000000000000000000000000000:1194 00000000000000000000000000000000:0000 %s 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
        """
            .formatted(state));
    Ipv6Address local = Ipv6Address.parse("2001:db8:1:1::1");
    List<Holder> holders = new Holders(new HostFiles(root)).ofTcpPort(local, 4500);
    assertEquals(held ? List.of(new Holder(812, "charon")) : List.of(), holders);
  }

  @Test
  void findsWhoHasATunDevice() {
    Holders holders = new Holders(new HostFiles(root));
    assertEquals(Optional.of(new Holder(900, "java")), holders.ofTun("espd0"));
    assertEquals(Optional.empty(), holders.ofTun("espd"));
    assertEquals(Optional.empty(), holders.ofTun("espd1"), "of another network namespace");
  }
}
