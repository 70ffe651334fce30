package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Pki;
import espd.lab.Running;
import espd.lab.SadEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/// Many cases between us on host a and strongSwan on host b, one after another and in both roles.
/// One of each machine does them all: every case has a connection of its own, which the peer's
/// address tells from the others.
final class BothRoles {

  private static final Duration SOON = Duration.ofSeconds(20);

  /// What both ends are told of one connection.
  interface Case {

    /// {@return the name of the connection}
    String name();

    /// {@return the version of IKE, 1 or 2}
    int version();

    /// {@return strongSwan's proposal of IKE}
    String ike();

    /// {@return strongSwan's proposal of ESP}
    String esp();

    /// {@return the address of the peer}
    String peer();

    /// {@return further lines of our connection, each after four blanks}
    ///
    /// @param here our address
    String ours(String here);

    /// {@return further lines of the peer's connection: how each end proves itself}
    ///
    /// @param there our address
    String theirs(String there);
  }

  private final Lab lab;
  private final List<? extends Case> cases;
  private final Charon charon;
  private final Espd espd;

  private BothRoles(Lab lab, List<? extends Case> cases, String secrets) {
    this.lab = lab;
    this.cases = List.copyOf(cases);
    this.charon = charon();
    this.espd = espd(secrets);
  }

  /// Starts both ends, whose keys are where each looks for them, and does every case.
  ///
  /// @param secrets the lines of our `ipsec.secrets` beside the secret that all share
  static void assertAll(Lab lab, List<? extends Case> cases, String secrets) {
    BothRoles ends = new BothRoles(lab, cases, secrets);
    List<Executable> each = new ArrayList<>();
    for (Case one : cases) {
      each.add(() -> ends.weInitiate(one));
      each.add(() -> ends.thePeerInitiates(one));
    }
    Assertions.assertAll(each);
  }

  private String every(Function<Case, String> text) {
    return cases.stream().map(text).collect(Collectors.joining("\n"));
  }

  private Charon charon() {
    for (Case each : cases) {
      lab.b().run("ip", "addr", "add", each.peer() + "/64", "dev", "wire", "nodad").succeeded();
    }
    String more =
        """
        connections {
          %s
        }
        secrets { ike-all { secret = %s } }
        """
            .formatted(every(each -> theirs(each, lab.a().address())), Espd.SECRET);
    return Charon.start(lab, lab.b(), lab.a(), Map.of("more", more));
  }

  private static String theirs(Case one, String there) {
    return """
    %s {
      version = %d
      local_addrs = %s
      remote_addrs = %s
      encap = yes
      proposals = %s
      %s
      children {
        %s {
          local_ts = %s/128
          remote_ts = %s/128
          esp_proposals = %s
        }
      }
    }
    """
        .formatted(
            one.name(),
            one.version(),
            one.peer(),
            there,
            one.ike(),
            one.theirs(there),
            one.name(),
            one.peer(),
            there,
            one.esp());
  }

  private Espd espd(String secrets) {
    Path conf = lab.a().directory().resolve("ipsec.conf");
    Path file = lab.a().directory().resolve("ipsec.secrets");
    Pki.write(conf, every(each -> ours(each, lab.a().address())));
    Pki.write(file, ": PSK \"%s\"\n".formatted(Espd.SECRET) + secrets);
    return Espd.start(lab, lab.a(), conf, file);
  }

  private static String ours(Case one, String here) {
    return """
    conn %s
        keyexchange=ikev%d
        ike=%s!
        esp=%s!
        forceencaps=yes
        left=%s
        right=%s
        auto=add
    """
            .formatted(one.name(), one.version(), one.ike(), one.esp(), here, one.peer())
        + one.ours(here);
  }

  private void weInitiate(Case one) {
    Output up = espd.control("up", one.name());
    assertEquals(0, up.exit(), () -> one + ": " + up.all());
    stands(one);
    espd.control("down", one.name()).succeeded();
    Running.await(one + ": the peer has no SA", SOON, () -> charon.sas().isEmpty());
    assertEquals(List.of(), espd.sad(), one::toString);
  }

  private void thePeerInitiates(Case one) {
    Output up = charon.swanctl("--initiate", "--child", one.name());
    assertEquals(0, up.exit(), () -> one + ": " + up.all());
    stands(one);
    charon.swanctl("--terminate", "--ike", one.name()).succeeded();
    Running.await(one + ": no SA", SOON, () -> espd.sad().isEmpty());
    Running.await(one + ": the peer has no SA", SOON, () -> charon.sas().isEmpty());
  }

  private void stands(Case one) {
    Running.await(one + ": two SAs", SOON, () -> espd.sad().size() == 2);
    Set<String> spis = espd.sad().stream().map(SadEntry::spi).collect(Collectors.toSet());
    assertEquals(Set.of(charon.spi("in"), charon.spi("out")), spis, one::toString);
    Output there = lab.a().ping(one.peer(), 1, 56);
    Output back = lab.b().run("ping", "-nc1", "-W2", "-I", one.peer(), lab.a().address());
    assertTrue(there.exit() == 0 && back.exit() == 0, () -> one + ": " + there + back);
    assertTrue(espd.sad().stream().allMatch(sa -> sa.packets() == 2), one + ": all in ESP");
    assertTrue(charon.sas().contains("IKEv" + one.version()), charon.sas());
  }
}
