package espd.daemon.racoon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.control.Happening;
import espd.daemon.control.Happening.Group;
import espd.daemon.control.Happening.Level;
import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.End;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Traffic;
import espd.ike.Assigned;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Path;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What happens in the daemon, in racoon's words.
class RacoonLinesTest {

  private static final Instant NOW = Instant.parse("2005-01-01T20:31:06Z");
  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");
  private static final String NAME = THERE.toString();
  private static final String ENDS = "2001:db8:1:1::1[500]-2001:db8:2:2::2[500]";
  private static final String COOKIES = "da3d3693289c9698:ac039a402b2db401";

  private final RacoonLines lines = new RacoonLines();

  private List<String> of(Happening happening) {
    return lines.of(happening).stream().map(each -> each.level() + ": " + each.text()).toList();
  }

  private static Happening reached(IsakmpStage stage) {
    return new Happening.Reached(NOW, NAME, 1, stage, Path.between(HERE, THERE), Optional.empty());
  }

  private static Happening said(Level level, String text) {
    return new Happening.Line(NOW, Group.IKE, level, NAME, OptionalInt.of(1), text);
  }

  private static IkeSa ikeSa() {
    return new IkeSa(
        1,
        1,
        NAME,
        "ESTABLISHED",
        true,
        new End(HERE, 500, HERE.toString()),
        new End(THERE, 500, THERE.toString()),
        0xda3d3693289c9698L,
        0xac039a402b2db401L,
        "",
        Optional.of(NOW),
        Optional.of(NOW.plus(Duration.ofHours(20))),
        Assigned.NONE,
        List.of());
  }

  private static ChildSa child(Mode mode, Optional<UdpEncapsulation> encapsulation) {
    return new ChildSa(
        1,
        NAME,
        "INSTALLED",
        mode,
        0,
        encapsulation,
        "",
        new Traffic(253_935_531, Optional.empty(), 0, 0, Optional.empty()),
        new Traffic(0xfa6e53c4, Optional.empty(), 0, 0, Optional.empty()),
        NOW,
        Optional.empty(),
        Optional.of(NOW.plus(Duration.ofHours(1))),
        OptionalInt.empty(),
        List.of(Selector.between(AddressRange.of(HERE), AddressRange.of(THERE))));
  }

  @Test
  void aPacketBeginsPhase1() {
    assertEquals(
        List.of(
            "INFO: IPsec-SA request for 2001:db8:2:2::2 queued due to no phase1 found.",
            "INFO: initiate new phase 1 negotiation: 2001:db8:1:1::1[500]<=>2001:db8:2:2::2[500]",
            "INFO: begin Identity Protection mode."),
        of(reached(IsakmpStage.MAIN_I1)));
    assertEquals("INFO: begin Aggressive mode.", of(reached(IsakmpStage.AGGR_I1)).getLast());
  }

  @Test
  void aPeerBeginsPhase1() {
    assertEquals(
        List.of(
            "INFO: respond new phase 1 negotiation: 2001:db8:1:1::1[500]<=>2001:db8:2:2::2[500]",
            "INFO: begin Identity Protection mode."),
        of(reached(IsakmpStage.MAIN_R1)));
    assertEquals("INFO: begin Aggressive mode.", of(reached(IsakmpStage.AGGR_R1)).getLast());
  }

  @Test
  void phase2NamesNoPorts() {
    assertEquals(
        List.of("INFO: initiate new phase 2 negotiation: 2001:db8:1:1::1[0]<=>2001:db8:2:2::2[0]"),
        of(reached(IsakmpStage.QUICK_I1)));
    assertEquals(
        List.of("INFO: respond new phase 2 negotiation: 2001:db8:1:1::1[0]<=>2001:db8:2:2::2[0]"),
        of(reached(IsakmpStage.QUICK_R1)));
  }

  @ParameterizedTest
  @CsvSource({"MAIN_I2", "MAIN_I3", "MAIN_I4", "MAIN_R2", "MAIN_R3", "QUICK_I2", "QUICK_R2"})
  void otherStepsAreNotTold(IsakmpStage stage) {
    assertEquals(List.of(), of(reached(stage)));
  }

  @Test
  void anIsakmpSaIsNamedByItsCookies() {
    assertEquals(
        List.of("INFO: ISAKMP-SA established " + ENDS + " spi:" + COOKIES),
        of(new Happening.IkeSaUp(NOW, ikeSa())));
    assertEquals(
        List.of("INFO: ISAKMP-SA deleted " + ENDS + " spi:" + COOKIES),
        of(new Happening.IkeSaDown(NOW, ikeSa())));
    assertEquals(
        List.of("INFO: ISAKMP-SA expired " + ENDS + " spi:" + COOKIES),
        of(new Happening.IkeSaDown(NOW.plus(Duration.ofHours(24)), ikeSa())));
    assertEquals(
        List.of("INFO: ISAKMP-SA established " + ENDS + " spi:" + COOKIES),
        of(new Happening.IkeSaRekeyed(NOW, ikeSa(), ikeSa())));
  }

  @Test
  void whatThePeerDeletesIsPurged() {
    of(new Happening.IkeSaUp(NOW, ikeSa()));
    assertEquals(List.of(), of(said(Level.STEP, "received DELETE for IKE_SA 2001:db8:2:2::2[1]")));
    assertEquals(
        List.of(
            "INFO: purging ISAKMP-SA spi=" + COOKIES + ".",
            "INFO: purged ISAKMP-SA spi=" + COOKIES + ".",
            "INFO: ISAKMP-SA deleted " + ENDS + " spi:" + COOKIES),
        of(new Happening.IkeSaDown(NOW, ikeSa())));
  }

  @Test
  void bothIpsecSasAreTold() {
    assertEquals(
        List.of(
            "INFO: IPsec-SA established: ESP/Tunnel 2001:db8:2:2::2->2001:db8:1:1::1"
                + " spi=253935531(0xf22bfab) ",
            "INFO: IPsec-SA established: ESP/Tunnel 2001:db8:1:1::1->2001:db8:2:2::2"
                + " spi=4201534404(0xfa6e53c4) "),
        of(new Happening.ChildSaUp(NOW, ikeSa(), child(Mode.TUNNEL, Optional.empty()))));
    assertEquals(
        "INFO: IPsec-SA established: ESP/UDP-Transport 2001:db8:1:1::1->2001:db8:2:2::2"
            + " spi=4201534404(0xfa6e53c4) ",
        of(new Happening.ChildSaUp(
                NOW, ikeSa(), child(Mode.TRANSPORT, Optional.of(new UdpEncapsulation(4500, 4500)))))
            .getLast());
  }

  @Test
  void theirEndIsTold() {
    ChildSa child = child(Mode.TUNNEL, Optional.empty());
    assertEquals(
        List.of("INFO: purged IPsec-SA proto_id=ESP spi=4201534404."),
        of(new Happening.ChildSaDown(NOW, ikeSa(), child)));
    assertEquals(
        "INFO: IPsec-SA expired: ESP/Tunnel 2001:db8:2:2::2->2001:db8:1:1::1"
            + " spi=253935531(0xf22bfab) ",
        of(new Happening.ChildSaDown(NOW.plus(Duration.ofHours(1)), ikeSa(), child)).getFirst());
  }

  @Test
  void aDeadPeerIsTold() {
    of(new Happening.IkeSaUp(NOW, ikeSa()));
    assertEquals(
        List.of("INFO: DPD: remote (ISAKMP-SA spi=" + COOKIES + ") seems to be dead."),
        of(said(Level.WARNING, "DPD check timed out, enforcing DPD action")));
  }

  @Test
  void aPeerThatDoesNotAnswerIsTold() {
    of(reached(IsakmpStage.MAIN_I1));
    assertEquals(
        List.of(
            "ERROR: phase2 negotiation failed due to time up waiting for phase1. ESP"
                + " 2001:db8:2:2::2[0]->2001:db8:1:1::1[0] ",
            "INFO: delete phase 2 handler.",
            "ERROR: phase1 negotiation failed due to time up."
                + " 2001:db8:1:1::1[500]<=>2001:db8:2:2::2[500]"),
        of(said(Level.WARNING, "giving up after 5 retransmits")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          WARNING | no shared key found for '::1' - '::2'           | ERROR: couldn't find the pskey for ::2.
          WARNING | received NO_PROPOSAL_CHOSEN error notify        | ERROR: notification NO-PROPOSAL-CHOSEN received in informational exchange.
          STEP    | NAT-Traversal: RFC 3947, no NAT detected        | INFO: NAT not detected
          STEP    | NAT-Traversal: RFC 3947, local host is behind NAT | INFO: NAT detected: ME
          STEP    | NAT-Traversal: RFC 3947, both hosts are behind NAT | INFO: NAT detected: ME PEER
          WARNING | NO_PROPOSAL_CHOSEN sent: x                      | ERROR: no suitable proposal found.
          WARNING | INVALID_ID_INFORMATION sent: x                  | ERROR: failed to get sainfo.
          WARNING | something else                                  | ERROR: something else
          """)
  void linesOfIkeAreRacoons(Level level, String text, String line) {
    assertEquals(line, of(said(level, text)).getLast().stripTrailing());
  }

  @Test
  void stepsOfIkeAreNotRacoons() {
    assertEquals(List.of(), of(said(Level.STEP, "parsed ID_PROT response 0 [ SA V ]")));
  }
}
