package espd.daemon.pluto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.ControlServer;
import espd.daemon.control.FakeLoading;
import espd.daemon.control.FakeOperations;
import espd.daemon.control.Happening;
import espd.daemon.control.Happenings;
import espd.daemon.control.Snapshot;
import espd.daemon.control.Snapshots;
import espd.ike.driver.SaStage;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Path;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `ipsec` as Openswan, libreswan and strongSwan print it, against a daemon's control socket.
@Timeout(60)
class IpsecTest {

  private static final Path PATH =
      new Path(
          Ipv6Address.parse("2001:db8:1:1::1"), 500, Ipv6Address.parse("2001:db8:2:2::2"), 500);
  private static final Snapshot.ChildSa CHILD =
      Snapshots.established().ikeSas().getFirst().children().getFirst();

  @TempDir java.nio.file.Path folder;

  private final Happenings happenings = new Happenings();
  private final Serials serials = new Serials();
  private final FakeLoading loading = new FakeLoading();
  private int stopped;

  /// What a command printed.
  private record Ran(int exit, String out, String err) {}

  /// Runs a command against a daemon to which this happens when a connection is initiated.
  private Ran run(Consumer<Consumer<String>> way, String... arguments) throws Exception {
    java.nio.file.Path socket = folder.resolve("control.ctl");
    FakeOperations operations = new FakeOperations(List.of(), happenings, loading, way);
    WhackCommands commands = new WhackCommands(operations, serials, () -> stopped++);
    try (ControlServer _ = ControlServer.open(socket, operations, commands.commands())) {
      return ipsec(socket, arguments);
    }
  }

  private Ran ipsec(java.nio.file.Path socket, String... arguments)
      throws IOException, InterruptedException {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new Ipsec(
                new Surroundings(
                    socket,
                    new PrintWriter(out),
                    new PrintWriter(err),
                    Map.of("IPSEC_CONFS", folder.toString()),
                    "1.0"))
            .run(List.of(arguments));
    return new Ran(exit, out.toString(), err.toString());
  }

  private static Snapshot.ChildSa uncompressed(Snapshot.ChildSa child) {
    return new Snapshot.ChildSa(
        child.id(),
        child.connection(),
        child.state(),
        child.mode(),
        child.reqid(),
        child.encapsulation(),
        child.suite(),
        uncompressed(child.inbound()),
        uncompressed(child.outbound()),
        child.installed(),
        child.rekey(),
        child.expires(),
        child.pathMtuOctets(),
        child.selectors());
  }

  private static Snapshot.Traffic uncompressed(Snapshot.Traffic traffic) {
    return new Snapshot.Traffic(
        traffic.spi(), Optional.empty(), traffic.bytes(), traffic.packets(), traffic.lastUsed());
  }

  private void reach(IsakmpStage stage, int serial) {
    Optional<Snapshot.ChildSa> child =
        stage == IsakmpStage.QUICK_I2 ? Optional.of(uncompressed(CHILD)) : Optional.empty();
    serials.reached(new SaStage("p1-p2", serial, stage, PATH, Optional.empty()));
    happenings.tell(new Happening.Reached(Instant.EPOCH, "p1-p2", serial, stage, PATH, child));
  }

  private void line(Happening.Level level, String text) {
    happenings.tell(
        new Happening.Line(
            Instant.EPOCH, Happening.Group.IKE, level, "p1-p2", OptionalInt.of(7), text));
  }

  private void mainMode(Consumer<String> progress) {
    reach(IsakmpStage.MAIN_I1, 7);
    reach(IsakmpStage.MAIN_I2, 7);
    reach(IsakmpStage.MAIN_I3, 7);
    reach(IsakmpStage.MAIN_I4, 7);
    reach(IsakmpStage.QUICK_I1, 3);
    reach(IsakmpStage.QUICK_I2, 3);
  }

  @Test
  void printsTheLinesOfTheSeed() throws Exception {
    Ran ran = run(this::mainMode, "auto", "--up", "p1-p2");
    assertEquals(
        """
        104 "p1-p2" #1: STATE_MAIN_I1: initiate
        106 "p1-p2" #1: STATE_MAIN_I2: sent MI2, expecting MR2
        108 "p1-p2" #1: STATE_MAIN_I3: sent MI3, expecting MR3
        004 "p1-p2" #1: STATE_MAIN_I4: ISAKMP SA established
        112 "p1-p2" #2: STATE_QUICK_I1: initiate
        004 "p1-p2" #2: STATE_QUICK_I2: sent QI2, IPsec SA established {ESP=>0xa98b7710 <0xa51e1f22}
        """,
        ran.out());
    assertEquals(0, ran.exit());
  }

  @Test
  void countsSerialsUpOverBothPhasesForAsLongAsTheDaemonRuns() throws Exception {
    run(this::mainMode, "auto", "--up", "p1-p2");
    Ran second =
        run(
            progress -> {
              reach(IsakmpStage.QUICK_I1, 4);
              reach(IsakmpStage.QUICK_I2, 4);
            },
            "auto",
            "up",
            "p1-p2");
    assertTrue(second.out().startsWith("112 \"p1-p2\" #3: STATE_QUICK_I1: initiate\n"));
  }

  @Test
  void saysThatNobodyAnswers() throws Exception {
    Ran ran =
        run(
            progress -> {
              reach(IsakmpStage.MAIN_I1, 7);
              line(Happening.Level.STEP, "sending retransmit 1 of request message ID 0");
              line(Happening.Level.STEP, "sending retransmit 2 of request message ID 0");
              line(Happening.Level.WARNING, "no CHILD_SA: giving up after 2 retransmits");
            },
            "auto",
            "--up",
            "p1-p2");
    assertEquals(
        """
        104 "p1-p2" #1: STATE_MAIN_I1: initiate
        010 "p1-p2" #1: STATE_MAIN_I1: retransmission; will wait 7s for response
        010 "p1-p2" #1: STATE_MAIN_I1: retransmission; will wait 12s for response
        031 "p1-p2" #1: max number of retransmissions (2) reached STATE_MAIN_I1.  No response \
        (or no acceptable response) to our first IKE message
        """,
        ran.out());
    assertEquals(31, ran.exit());
  }

  @Test
  void saysWhatThePeerRefuses() throws Exception {
    Ran ran =
        run(
            progress -> {
              reach(IsakmpStage.MAIN_I1, 7);
              line(Happening.Level.WARNING, "no CHILD_SA: NO_PROPOSAL_CHOSEN: offered AES");
            },
            "auto",
            "--up",
            "p1-p2");
    assertEquals(
        """
        104 "p1-p2" #1: STATE_MAIN_I1: initiate
        003 "p1-p2" #1: ignoring informational payload, type NO_PROPOSAL_CHOSEN
        """,
        ran.out());
    assertEquals(3, ran.exit());
  }

  @Test
  void saysThatNothingHadToBeDone() throws Exception {
    Ran ran = run(progress -> {}, "auto", "--up", "p1-p2");
    assertEquals("002 \"p1-p2\": its SAs are established already\n", ran.out());
    assertEquals(0, ran.exit());
  }

  @Test
  void detachesWhereItIsToldTo() throws Exception {
    Ran ran = run(this::mainMode, "auto", "--asynchronous", "--up", "p1-p2");
    assertEquals("104 \"p1-p2\" #1: STATE_MAIN_I1: initiate\n", ran.out());
  }

  @Test
  void printsLibreswansLinesForIkev2() throws Exception {
    Ran ran =
        run(
            progress -> {
              line(Happening.Level.STEP, "initiating IKE_SA p1-p2[7] to 2001:db8:2:2::2");
              line(Happening.Level.STEP, "generating IKE_SA_INIT request 0 [ SA KE No ]");
              line(
                  Happening.Level.STEP,
                  "selected proposal: IKE:AES_GCM_16_256/PRF_HMAC_SHA2_512/MODP_2048");
              line(Happening.Level.STEP, "generating IKE_AUTH request 1 [ IDi AUTH SA ]");
              happenings.tell(
                  new Happening.ChildSaUp(
                      Instant.EPOCH, Snapshots.established().ikeSas().getFirst(), CHILD));
            },
            "auto",
            "--up",
            "p1-p2");
    assertEquals(
        """
        133 "p1-p2" #1: STATE_PARENT_I1: initiate
        133 "p1-p2" #1: STATE_PARENT_I1: sent v2I1, expected v2R1
        134 "p1-p2" #2: STATE_PARENT_I2: sent v2I2, expected v2R2 {auth=IKEv2 \
        cipher=aes_gcm_16_256 integ=n/a prf=sha2_512 group=MODP2048}
        004 "p1-p2" #2: STATE_PARENT_I3: PARENT SA established transport mode \
        {ESP=>0xa98b7710 <0xa51e1f22 IPCOMP=>0x0000d00f <0x00000c0d xfrm=AES_128-HMAC_SHA1}
        """,
        ran.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auto --up nobody       | 21 | 021 no connection named "nobody"
          auto --down nobody     | 21 | 021 no connection named "nobody"
          auto --delete nobody   | 21 | 021 no connection named "nobody"
          auto --add p1-p2       | 20 | 020 attempt to redefine connection "p1-p2"
          auto --down p1-p2      | 0  | 002 "p1-p2": terminating SAs using this connection
          auto --delete p1-p2    | 0  | 002 "p1-p2": deleting connection
          auto --ready           | 0  | 002 listening for IKE messages
          whack --shutdown       | 0  | 002 shutting down
          whack --initiate --name nobody | 21 | 021 no connection named "nobody"
          """)
  void answersAsWhackDoes(String arguments, int exit, String line) throws Exception {
    Ran ran = run(progress -> {}, arguments.split(" "));
    assertEquals(line + "\n", ran.out());
    assertEquals(exit, ran.exit());
  }

  @Test
  void asksWhetherPlutoIsRunning() throws Exception {
    java.nio.file.Path socket = folder.resolve("nobody.ctl");
    Ran ran = ipsec(socket, "auto", "--up", "p1-p2");
    assertEquals(
        "whack: is Pluto running?  connect() for \""
            + socket
            + "\" failed (2 No such file or directory)\n",
        ran.err());
    assertEquals(1, ran.exit());
    assertEquals(3, ipsec(socket, "status").exit());
    assertEquals(7, ipsec(socket, "stop").exit());
  }

  @Test
  void printsStatusAsOpenswanDoes() throws Exception {
    serials.reached(new SaStage("p1-p2", 1, IsakmpStage.MAIN_I4, PATH, Optional.empty()));
    serials.reached(new SaStage("p1-p2", 1, IsakmpStage.QUICK_I2, PATH, Optional.empty()));
    Ran ran = run(progress -> {}, "auto", "--status");
    assertEquals(0, ran.exit());
    assertTrue(ran.out().lines().allMatch(line -> line.startsWith("000 ")), ran.out());
    String connection =
        ran.out()
            .lines()
            .dropWhile(line -> !line.startsWith("000 \"p1-p2\""))
            .reduce("", (all, line) -> all + line + "\n");
    assertEquals(
        """
        000 "p1-p2": 2001:db8:1:1::1...2001:db8:2:2::2[there.example]; erouted; eroute owner: #2
        000 "p1-p2":     srcip=unset; dstip=unset; srcup=none; dstup=none;
        000 "p1-p2":   ike_life: 3600s; ipsec_life: 3600s; rekey_margin: 540s; rekey_fuzz: 100%; \
        keyingtries: 3
        000 "p1-p2":   policy: PSK+ENCRYPT+IKEv2ALLOW+IKEv2INIT; prio: 128,128; interface: ?;\s
        000 "p1-p2":   newest ISAKMP SA: #1; newest IPsec SA: #2;\s
        000 "p1-p2":   IKE algorithms wanted: , flags=strict
        000 "p1-p2":   IKE algorithms found: \s
        000 "p1-p2":   IKE algorithm newest: AES_CBC_128-SHA2_256-ECP256
        000 "p1-p2":   ESP algorithms wanted: 12_128-0, flags=strict
        000 "p1-p2":   ESP algorithms loaded: 12_128-0
        000 "p1-p2":   ESP algorithm newest: AES_128-HMAC_SHA1; pfsgroup=<N/A>
        000 \s
        000 #2: "p1-p2":500 STATE_QUICK_I2 (sent QI2, IPsec SA established); EVENT_SA_REPLACE in \
        2641s; newest IPSEC; eroute owner; isakmp#1; idle; import:admin initiate
        000 #2: "p1-p2" esp:a98b7710@2001:db8:2:2::2 esp:a51e1f22@2001:db8:1:1::1
        000 #1: "p1-p2":500 STATE_MAIN_I4 (ISAKMP SA established); EVENT_SA_REPLACE in 10800s; \
        newest ISAKMP; lastdpd=-1s(seq in:0 out:0); idle; import:admin initiate
        """,
        connection);
  }

  @Test
  void printsWhatStrongswansStarterDoes() throws Exception {
    Ran up =
        run(
            progress -> progress.accept("initiating IKE_SA p1-p2[1] to 2001:db8:2:2::2"),
            "up",
            "p1-p2");
    assertEquals("initiating IKE_SA p1-p2[1] to 2001:db8:2:2::2\n", up.out());
    Ran nobody = run(progress -> {}, "up", "nobody");
    assertEquals("no config named 'nobody'\n", nobody.out());
    assertEquals(1, nobody.exit());
    String status = run(progress -> {}, "status").out();
    assertTrue(status.contains("Security Associations (1 up, 0 connecting):"), status);
    String algorithms = run(progress -> {}, "listalgs").out();
    assertTrue(algorithms.contains("  dh-group:   MODP_1024[espd]"), algorithms);
    assertEquals("Linux espd U1.0 (userspace)\n", run(progress -> {}, "--version").out());
    assertEquals(2, run(progress -> {}, "frobnicate").exit());
  }

  @Test
  void adoptsConnectionsAgain() throws Exception {
    run(progress -> {}, "auto", "--replace", "p1-p2");
    assertEquals("", run(progress -> {}, "auto", "--route", "p1-p2").out());
    assertEquals(List.of("withdraw p1-p2", "restore p1-p2", "install p1-p2"), loading.told());
  }
}
