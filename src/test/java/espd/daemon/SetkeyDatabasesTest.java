package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.Node;
import espd.daemon.control.Section;
import espd.daemon.control.ViciCommand;
import espd.daemon.setkey.Answer;
import espd.daemon.setkey.ByHand;
import espd.daemon.setkey.Forwarding;
import espd.daemon.setkey.KeptPolicies;
import espd.daemon.setkey.PolicyTable;
import espd.daemon.setkey.SetkeyException;
import espd.daemon.setkey.SetkeyParser;
import espd.daemon.setkey.Statement;
import espd.daemon.setkey.Ties;
import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.KeyMaterial;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Reqid;
import espd.spd.Sa;
import espd.spd.Sadb;
import espd.spd.Selector;
import espd.tun.memory.MemoryHostNetwork;
import espd.tun.memory.MemoryInboundFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// setkey's statements in the SPD and the SAD, `A` and `B` standing for the two hosts.
final class SetkeyDatabasesTest {

  private static final String NULL = " -E null -A hmac-md5 \"sixteen octets!!\";";
  private static final String OUT = "spdadd A B any -P out ipsec esp/transport//require;";
  private static final String IN = "spdadd B A any -P in ipsec esp/transport//require;";

  @TempDir private Path folder = Path.of("");
  private final Sadb sadb = new Sadb(InstantSource.fixed(Instant.EPOCH), new Random(1));
  private final MemoryHostNetwork host = new MemoryHostNetwork(Seed.LOCAL);
  private final List<Sa> closedByIke = new ArrayList<>();
  private SetkeyDatabases databases = opened(ByHand.nothing(new Ties()));

  private SetkeyDatabases opened(ByHand files) {
    Enforcement enforcement =
        Enforcement.open(sadb, InstantSource.fixed(Instant.EPOCH), MemoryInboundFilter::new);
    ProtectedTraffic traffic = new ProtectedTraffic(sadb, enforcement, host, List.of());
    return new SetkeyDatabases(
        files,
        new SetkeyDatabases.Parts(
            sadb,
            traffic,
            which -> sadb.sad().all().stream().filter(which).forEach(closedByIke::add),
            Set.of(Seed.LOCAL),
            new KeptPolicies(folder.resolve("control.spd")),
            InstantSource.fixed(Instant.EPOCH)));
  }

  @BeforeEach
  void keepsBesideItsSocket() {
    databases = opened(ByHand.nothing(new Ties()));
  }

  private static byte[] text(String statements) {
    return statements
        .replaceAll("\\bA\\b", Seed.LOCAL.toString())
        .replaceAll("\\bB\\b", Seed.REMOTE.toString())
        .replace("-" + Seed.LOCAL + " hmac", "-A hmac")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Does statements; {@return what was refused, and how much was shown}
  private String perform(String statements, Forwarding forwarding) throws SetkeyException {
    List<String> answers = new ArrayList<>();
    for (Statement statement : SetkeyParser.all(text(statements))) {
      switch (databases.perform(statement, forwarding)) {
        case Answer.Done() -> {}
        case Answer.Refused(var errors) -> errors.forEach(error -> answers.add(error.toString()));
        case Answer.Sas(var sas) -> answers.add(sas.size() + " SAs");
        case Answer.Policies(var entries) -> answers.add(entries.size() + " policies");
      }
    }
    databases.settle();
    return String.join(", ", answers);
  }

  private String perform(String statements) throws SetkeyException {
    return perform(statements, Forwarding.WITH_INBOUND);
  }

  private List<Policy> spd() {
    return sadb.spd().entries().reversed().stream().map(entry -> entry.policy()).toList();
  }

  @Test
  void whatIsDoneIsInForceThoughTheClientHasLeft() {
    ViciCommand setkey =
        new SetkeyCommands(databases, () -> {}).beside(Map.of()).get("espd-setkey");
    Node statements = new Node.Secret(KeyMaterial.copyOf(text(OUT + " dump;")));
    Section request = Section.builder().node("data", statements).build();
    IOException left = new IOException("the client has left");
    assertThrows(
        IOException.class,
        () ->
            Objects.requireNonNull(setkey)
                .perform(
                    request,
                    (name, message) -> {
                      throw left;
                    }));
    assertEquals(1, spd().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OUT OUT                                             | File exists
          IN IN                                               | File exists, File exists
          IN spdadd B A any -P fwd none;                      | File exists
          spdadd B A any -P fwd none;                         | Operation not supported
          OUT spdadd A B tcp -P out none; spddump;            | 2 policies
          OUT IN spdflush; spddump;                           | 0 policies
          spddelete A B any -P out;                           | No entry
          spddelete B A any -P in;                            | No entry, No entry
          OUT spddelete A B any -P out; spddump;              | 0 policies
          spdupdate A B any -P out none; OUT                  | File exists
          OUT spdupdate A B any -P out none; spddump;         | 1 policies
          spdadd B A any -P out ipsec esp/transport//require; | Cannot assign requested address
          spdadd A ::7 any -P out ipsec esp/tunnel/A-B/unique:7; spdadd A ::8 any -P out ipsec esp/tunnel/A-::8/unique:7; | Invalid argument
          spdadd A ::7 any -P out ipsec esp/tunnel/A-B/unique:7; spdadd A ::8 any -P out ipsec esp/tunnel/A-B/unique:7; spddump; | 2 policies
          add A B esp 256 NULL add A B esp 256 NULL           | File exists
          add B A esp 256 NULL add ::9 A esp 256 NULL         | File exists
          add A B esp 256 NULL add A ::9 esp 256 NULL dump;   | 2 SAs
          add ::8 ::9 esp 256 NULL                            | Cannot assign requested address
          add A[5000] B esp-udp 256 NULL                      | Invalid argument
          add A B esp 256 NULL get A B esp 256;               | 1 SAs
          get A B esp 256;                                    | No such process
          delete A B esp 256;                                 | No such process
          add A B esp 256 NULL delete A B esp 256; dump;      | 0 SAs
          add A B esp 256 NULL add A B esp 257 NULL add B A esp 258 NULL deleteall A B; dump; | 1 SAs
          add A B esp 256 NULL flush ah; dump; flush; dump esp; | 1 SAs, 0 SAs
          add A B esp 256 NULL dump ah;                       | 0 SAs
          """)
  void answersAsAKernelDoes(String statements, String answers) throws SetkeyException {
    assertEquals(
        answers,
        perform(statements.replace("OUT", OUT).replaceAll("\\bIN\\b", IN).replace("NULL", NULL)));
  }

  /// setkey -k: `in` and `fwd` are said by themselves.
  @Test
  void inKernelModeAForwardPolicyBesideItsInboundOneIsDone() throws SetkeyException {
    String both = IN + "spdadd B A any -P fwd ipsec esp/transport//require;";
    assertEquals("", perform(both, Forwarding.BY_ITSELF));
    assertEquals(
        "", perform("spddelete B A any -P in; spddelete B A any -P fwd;", Forwarding.BY_ITSELF));
    assertEquals("No entry", perform("spddelete B A any -P in;", Forwarding.BY_ITSELF));
    assertEquals(
        "Operation not supported", perform("spdadd B A any -P fwd none;", Forwarding.BY_ITSELF));
  }

  /// Linux asks by priority, then in the order of adding.
  @Test
  void policiesAreAskedInSetkeysOrder() throws SetkeyException {
    perform(
        """
        spdadd A B any -P out discard;
        spdadd A B tcp -P out none;
        spdadd A B udp -P out prio high none;
        spdadd A B icmp6 -P out prio low none;
        spdadd A B 99 -P out prio 5 none;
        """);
    assertEquals(
        List.of(17, 99, 0, 6, 58),
        sadb.spd()
            .inOrder(Direction.OUTBOUND)
            .map(entry -> entry.policy().selector().protocol())
            .toList());
  }

  @Test
  void policiesBringTheirRoutesAndTakeThemWithThem() throws SetkeyException {
    perform(OUT + IN);
    assertEquals(1, host.routes().size());
    assertEquals(2, spd().size());
    perform("spdflush;");
    assertEquals(Set.of(), host.routes());
  }

  /// An SA by hand serves what nothing but its ends ties to it; `-u` serves `unique:N`.
  @Test
  void anSaServesThePoliciesOfItsEndsAndItsNumber() throws SetkeyException {
    perform(
        OUT
            + "spdadd A B tcp -P out ipsec esp/transport//unique:7;"
            + ("add A B esp 256" + NULL)
            + ("add A B esp 257 -u 7" + NULL));
    assertEquals(256, outbound(policy(0)).spi());
    assertEquals(257, outbound(policy(6)).spi());
    assertTrue(Reqid.isByEnds(reqid(policy(0))));
    assertEquals(7, reqid(policy(6)));
  }

  private Policy policy(int protocol) {
    return spd().stream()
        .filter(policy -> policy.selector().protocol() == protocol)
        .findFirst()
        .orElseThrow();
  }

  private static int reqid(Policy policy) {
    return ((Processing.Protect) policy.processing()).reqid();
  }

  private OutboundSa outbound(Policy policy) {
    return Optional.ofNullable(sadb.sad().outbound(reqid(policy), flow(6))).orElseThrow();
  }

  private static Flow flow(int protocol) {
    Flow flow = new Flow();
    flow.localHigh = Seed.LOCAL.high();
    flow.localLow = Seed.LOCAL.low();
    flow.remoteHigh = Seed.REMOTE.high();
    flow.remoteLow = Seed.REMOTE.low();
    flow.protocol = protocol;
    flow.localPort = 1;
    flow.remotePort = 2;
    return flow;
  }

  /// `unique` without a number has SAs of its own, which nobody makes by hand; both directions have
  /// the same, and none that a connection of a file gets.
  @Test
  void uniquePoliciesAreNumberedFrom16384() throws SetkeyException {
    perform(
        (OUT + IN).replace("require", "unique")
            + "spdadd A B tcp -P out ipsec esp/transport//unique;");
    assertEquals(List.of(16384, 16384, 16386), spd().stream().map(p -> reqid(p)).toList());
  }

  /// RFC 4301 §5.2 step 4: a tunnel is for the packets of its policies, as they come and go.
  @Test
  void aTunnelIsForThePacketsOfItsPolicies() throws SetkeyException {
    perform("add B A esp 256 -m tunnel" + NULL);
    assertEquals(Seed.LOCAL + "/128 === " + Seed.REMOTE + "/128", selectors());
    perform("spdadd 2001:db8:7::/48 ::/0 tcp -P in ipsec esp/tunnel/B-A/require;");
    assertEquals("::/0 === 2001:db8:7::/48 proto 6", selectors());
    perform("spdadd ::/0 2001:db8:7::/48 tcp -P out ipsec esp/tunnel/A-B/require;");
    assertEquals(
        "::/0 === 2001:db8:7::/48 proto 6", selectors(), "the other direction is the same");
    perform("spdadd 2001:db8:8::/48 ::/0 any -P in ipsec esp/tunnel/B-A/unique:5;");
    assertEquals("::/0 === 2001:db8:7::/48 proto 6", selectors(), "another number");
    perform("spdflush;");
    assertEquals(Seed.LOCAL + "/128 === " + Seed.REMOTE + "/128", selectors());
  }

  @Test
  void aTunnelIsFoundByThePacketsOfItsPolicies() throws SetkeyException {
    perform("add A B esp 257 -m tunnel" + NULL);
    perform("spdadd ::/0 2001:db8:7::/48 tcp -P out ipsec esp/tunnel/A-B/require;");
    Flow flow = flow(6);
    flow.remoteHigh = 0x2001_0db8_0007_0000L;
    assertEquals(
        257, Optional.ofNullable(sadb.sad().outbound(reqid(policy(6)), flow)).orElseThrow().spi());
    perform("spdflush;");
    int byEnds = Reqid.FIRST_BY_ENDS;
    assertTrue(sadb.sad().outbound(byEnds, flow) == null, "between its ends only");
  }

  private String selectors() {
    return sadb.sad().all().getFirst().parameters().selectors().stream()
        .map(Selector::toString)
        .collect(Collectors.joining(", "));
  }

  @Test
  void sasOfIkeAreClosedByIke() throws Exception {
    Sa negotiated = new OutboundSa(Seed.sa(0x1000, Seed.connections(folder, "").getFirst()));
    sadb.install(negotiated);
    assertEquals("", perform("delete A B esp 0x1000;"));
    assertEquals(List.of(negotiated), closedByIke);
  }

  private ByHand files(String statements, Ties ties) throws SetkeyException {
    List<Statement.Add> associations = new ArrayList<>();
    PolicyTable table = new PolicyTable();
    for (Statement statement : SetkeyParser.all(text(statements))) {
      table.perform(statement);
      if (statement instanceof Statement.Add add) {
        associations.add(add);
      }
    }
    return new ByHand(table.policies(), List.of(), associations, ties);
  }

  @Test
  void whatStaysTheSameInAFileGoesOnCounting() throws SetkeyException {
    Ties ties = new Ties();
    String first = "add A B esp 256" + NULL;
    String second = "add B A esp 257" + NULL;
    databases = opened(files(OUT + first + second, ties));
    databases.begin();
    Sa stays = sadb.sad().all().getLast();
    String otherKey = second.replace("octets!!", "octets!?");
    databases.become(files(IN + first + otherKey, ties));
    assertEquals(1, spd().size());
    assertSame(stays, sadb.sad().all().getLast());
    assertEquals(2, sadb.sad().all().size());
    databases.become(files("", ties));
    assertEquals(List.of(), sadb.sad().all());
    assertEquals(List.of(), spd());
  }

  /// A kernel would keep them when a daemon ends; keys never go to a disk.
  @Test
  void policiesThatNoFileSaysAreKeptForTheNextStart() throws SetkeyException, IOException {
    databases = opened(files(IN, new Ties()));
    databases.begin();
    perform(OUT + "add A B esp 256" + NULL);
    databases.keep();
    Path kept = folder.resolve("control.spd");
    String text = Files.readString(kept);
    assertEquals(
        "spdadd %s/128 %s/128 any -P out ipsec esp/transport//require;\n"
            .formatted(Seed.LOCAL, Seed.REMOTE),
        text);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
    perform("spdflush;");
    databases.keep();
    assertFalse(Files.exists(kept));
  }

  @Test
  void theNumbersOfEndsStayTheSame() {
    Ties ties = new Ties();
    int first = ties.byEnds(Mode.TUNNEL, Seed.LOCAL, Seed.REMOTE);
    int other = ties.byEnds(Mode.TRANSPORT, Seed.LOCAL, Seed.REMOTE);
    assertEquals(first, ties.byEnds(Mode.TUNNEL, Seed.LOCAL, Seed.REMOTE));
    assertTrue(first != other && Reqid.shown(first) == 0 && Reqid.shown(other) == 0);
    assertEquals(7, Reqid.shown(7));
  }
}
