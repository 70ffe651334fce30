package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.dataplane.DropReason;
import espd.dataplane.PacketTrace;
import espd.dataplane.PacketTrace.Bypassed;
import espd.dataplane.PacketTrace.Dropped;
import espd.dataplane.PacketTrace.Expected;
import espd.dataplane.PacketTrace.Fate;
import espd.dataplane.PacketTrace.Held;
import espd.spd.Flow;
import espd.spd.Sadb;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What the daemon answers of packets whose fate is given.
class TraceCommandTest {

  private static final Section REQUEST =
      Section.builder()
          .text("src", "2001:db8:1:1::1")
          .text("dst", "2001:db8:2:2::2")
          .text("protocol", 17)
          .text("source", 5000)
          .text("destination", 53)
          .build();

  private static Section with(String name, String value) {
    Section.Builder request = Section.builder();
    REQUEST.nodes().keySet().forEach(key -> request.text(key, REQUEST.text(key).orElseThrow()));
    return request.text(name, value).build();
  }

  private static Section answer(Section request, Fate fate, boolean admitted, boolean filtered) {
    Flow flow = new Flow();
    Snapshot.Cleartext cleartext = new Snapshot.Cleartext(filtered, "no nft");
    Sadb empty = new Sadb(InstantSource.system(), new Random(1));
    return new TraceCommand(
            (direction, probe) ->
                new Traced(
                    new PacketTrace(probe, flow, empty.spd().lookup(direction, flow), 0, 0, fate),
                    admitted,
                    cleartext),
            Instant.EPOCH)
        .answer(request);
  }

  private static void says(String verdict, Section answer) {
    assertEquals(Optional.of(verdict), answer.text("verdict"), answer::toString);
  }

  @Test
  void saysWhatBecomesOfAPacketThatLeaves() {
    says("leaves in the clear", answer(REQUEST, new Bypassed(), false, true));
    says("waits, and starts the negotiation", answer(REQUEST, new Held(false), false, true));
    says("waits for an SA that is being negotiated", answer(REQUEST, new Held(true), false, true));
    says("is dropped", answer(REQUEST, new Dropped(DropReason.POLICY_DISCARD), false, true));
  }

  @Test
  void saysWhatBecomesOfAPacketThatArrivesInTheClear() {
    Section in = with("in", "yes");
    Fate expected = new Expected(Optional.empty());
    says("is let in as it is", answer(in, new Bypassed(), false, true));
    says("is dropped in the clear; there is no SA for it", answer(in, expected, false, true));
    says(
        "is let in as it is, though it must not: no nft; there is no SA for it",
        answer(in, expected, false, false));
    says("is let in as it is, whatever the policies say", answer(in, expected, true, true));
  }

  @Test
  void namesTheReasonItsSentenceAndItsSection() {
    Section drop =
        answer(REQUEST, new Dropped(DropReason.POLICY_DISCARD), false, true)
            .section("drop")
            .orElseThrow();
    assertEquals(Optional.of("policy_discard"), drop.text("reason"));
    assertEquals(Optional.of("the policy discards it"), drop.text("sentence"));
    assertEquals(Optional.of("RFC 4301 §4.4.1"), drop.text("section"));
    Section cleartext =
        answer(with("in", "yes"), new Expected(Optional.empty()), false, true)
            .section("drop")
            .orElseThrow();
    assertEquals(Optional.of("RFC 4301 §5.2"), cleartext.text("section"));
  }

  @Test
  void namesThePacket() {
    assertEquals(
        Optional.of("2001:db8:1:1::1[5000] to 2001:db8:2:2::2[53], protocol 17"),
        answer(REQUEST, new Bypassed(), false, true).text("packet"));
  }

  @Test
  void refusesWhatIsNoPacket() {
    for (Section wrong :
        new Section[] {
          Section.EMPTY, with("src", "10.0.0.1"), with("octets", "7"), with("protocol", "x")
        }) {
      Section answer = answer(wrong, new Bypassed(), false, true);
      assertEquals(Optional.of("no"), answer.text("success"), wrong::toString);
    }
  }
}
