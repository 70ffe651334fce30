package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import espd.ike.Connection.Rekeying;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.Role;
import espd.spd.KeyMaterial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The keys of IKE SAs, for a log of keys.
final class StandingKeysTest extends TwoHosts {

  private static final Rekeying NEVER = new Rekeying(Duration.ZERO, Duration.ZERO, 0, false);
  private static final Rekeying MINUTE = after(Duration.ofSeconds(60), Duration.ofSeconds(20));

  private static KeyListener into(List<String> log) {
    return (spiI, spiR, keys) -> log.add("%016x %016x %s".formatted(spiI, spiR, text(keys)));
  }

  private static String text(IkeKeys keys) {
    StringBuilder text = new StringBuilder();
    for (Role sender : Role.values()) {
      for (KeyMaterial key : List.of(keys.skE(sender), keys.skA(sender))) {
        text.append(key.<String>use(octets -> HexFormat.of().formatHex(octets))).append(' ');
      }
    }
    return text.toString();
  }

  @Test
  void bothEndsTellTheSameOfEachIkeSaAndOfItsSuccessor() {
    List<String> hers = new ArrayList<>();
    List<String> his = new ArrayList<>();
    alice.keys.follow(into(hers));
    bob.keys.follow(into(his));
    up(Connections.alice().lifetimes(MINUTE, NEVER), Connections.bob());
    assertEquals(1, hers.size());
    assertFalse(hers.getFirst().matches(".* 0+ .*"), "keys");
    time.pass(Duration.ofSeconds(45));
    assertEquals(2, hers.size());
    assertEquals(hers, his);
  }

  @Test
  void whoComesLaterHearsOfWhatStandsAndWhoLeftOfNothing() {
    List<String> log = new ArrayList<>();
    KeyListener listener = into(log);
    up(Connections.alice(), Connections.bob());
    alice.keys.follow(listener);
    assertEquals(1, log.size());
    alice.keys.forget(listener);
    var _ = alice.ike.terminate("net", line -> {});
    time.pass(Duration.ofSeconds(5));
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, log.size());
    List<String> later = new ArrayList<>();
    alice.keys.follow(into(later));
    assertEquals(1, later.size(), "only the IKE SA that stands");
  }
}
