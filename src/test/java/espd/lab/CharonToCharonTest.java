package espd.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The laboratory itself: the foreign peer with another of its kind, so that a failure with ours is
/// ours.
@InLab
class CharonToCharonTest {

  @RegisterExtension private final Lab lab = new Lab();

  @Test
  void twoForeignPeersReachEachOther() {
    Charon a = Charon.start(lab, lab.a(), lab.b(), Map.of());
    Charon b = Charon.start(lab, lab.b(), lab.a(), Map.of());
    Capture capture = Capture.start(lab, lab.a());
    a.initiate();
    lab.a().pings(lab.b());
    b.swanctl("--rekey", "--child", "net").succeeded();
    lab.b().pings(lab.a());
    assertTrue(a.sas().contains("TUNNEL-in-UDP"), a.sas());
    capture.stop();
    assertTrue(capture.esp().size() >= 12);
    assertEquals(List.of(), capture.pingsInTheClear());
  }
}
