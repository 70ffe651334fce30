package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Ipcomp;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Reqid;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import espd.spd.UdpEncapsulation;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetkeyFormatTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");
  private static final Selector BETWEEN =
      Selector.between(AddressRange.of(HERE), AddressRange.of(THERE));
  private static final Instant CREATED = Instant.parse("2005-01-01T20:31:10Z");
  private static final EspSuite AES_SHA1 =
      new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96);

  @Test
  void printsTheSasOfPlutoAsTheSeedShowsThem() {
    SetkeyFormat format =
        new SetkeyFormat(Instant.parse("2005-01-01T21:22:20Z"), ZoneOffset.UTC, 23825);
    assertEquals(
        """
        2001:db8:1:1::1 2001:db8:2:2::2
                esp mode=transport spi=2844489488(0xa98b7710) reqid=16385(0x00004001)
                E: aes-cbc  082ee274 2744bae5 7451da37 1162b483
                A: hmac-sha1  b7803753 757417da 477b1c1a 64070455 ab79082c
                seq=0x00000000 replay=64 flags=0x00000000 state=mature
                created: Jan  1 21:16:32 2005   current: Jan  1 21:22:20 2005
                diff: 348(s)    hard: 0(s)      soft: 0(s)
                last:                           hard: 0(s)      soft: 0(s)
                current: 0(bytes)       hard: 0(bytes)  soft: 0(bytes)
                allocated: 0    hard: 0 soft: 0
                sadb_seq=1 pid=23825 refcnt=0
        2001:db8:2:2::2 2001:db8:1:1::1
                esp mode=transport spi=2770214690(0xa51e1f22) reqid=16385(0x00004001)
                E: aes-cbc  6f59cc30 8d856056 65e07b76 552cac18
                A: hmac-sha1  c7c7d82b abfca8b1 5440021f e0c3b335 975b508b
                seq=0x00000000 replay=64 flags=0x00000000 state=mature
                created: Jan  1 21:16:31 2005   current: Jan  1 21:22:20 2005
                diff: 349(s)    hard: 0(s)      soft: 0(s)
                last:                           hard: 0(s)      soft: 0(s)
                current: 0(bytes)       hard: 0(bytes)  soft: 0(bytes)
                allocated: 0    hard: 0 soft: 0
                sadb_seq=0 pid=23825 refcnt=0
        """,
        expanded(format.sad(List.of(outboundOfPluto(), inboundOfPluto()))));
  }

  private static Sa outboundOfPluto() {
    return new OutboundSa(
        sa(
            0xa98b7710,
            Mode.TRANSPORT,
            AES_SHA1,
            "082ee2742744bae57451da371162b483",
            "b7803753757417da477b1c1a64070455ab79082c",
            "2005-01-01T21:16:32Z"));
  }

  private static Sa inboundOfPluto() {
    return new InboundSa(
        sa(
            0xa51e1f22,
            Mode.TRANSPORT,
            AES_SHA1,
            "6f59cc308d85605665e07b76552cac18",
            "c7c7d82babfca8b15440021fe0c3b335975b508b",
            "2005-01-01T21:16:31Z"));
  }

  /// RFC 3173 §4: compression is an SA of its own, as kernels have it; the line of its algorithm is
  /// not ended.
  @Test
  void printsTheCompressionOfAnSaAsAnSaOfItsOwn() {
    SaParameters plain = outboundOfPluto().parameters();
    SaParameters compressing =
        new SaParameters(
            plain.spi(),
            plain.connection(),
            plain.reqid(),
            plain.mode(),
            plain.local(),
            plain.remote(),
            plain.encapsulation(),
            plain.suite(),
            plain.encryptionKey(),
            plain.integrityKey(),
            plain.esn(),
            plain.replayWindow(),
            plain.lifetime(),
            plain.outerTraffic(),
            Optional.of(new Ipcomp(0x0c0d)),
            plain.originals(),
            plain.selectors(),
            plain.created());
    SetkeyFormat format =
        new SetkeyFormat(Instant.parse("2005-01-01T21:22:20Z"), ZoneOffset.UTC, 23825);
    String text = format.sad(List.of(new OutboundSa(compressing), inboundOfPluto()));
    String entry = text.substring(text.indexOf("\tipcomp"), text.indexOf("\tcreated", 600));
    assertEquals(
        """
        \tipcomp mode=transport spi=3085(0x00000c0d) reqid=16385(0x00004001)
        \tC: deflate \tseq=0x00000000 replay=0 flags=0x00000000 state=mature\s
        """,
        entry);
    assertEquals(
        List.of("sadb_seq=1", "sadb_seq=2", "sadb_seq=0"),
        text.lines()
            .filter(line -> line.contains("sadb_seq"))
            .map(line -> line.strip().split(" ", 2)[0])
            .toList());
  }

  @Test
  void printsTabsAndTrailingBlanksAsSetkeyDoes() {
    Sa sa =
        new OutboundSa(
            sa(
                0x100,
                Mode.TUNNEL,
                AES_SHA1,
                "00".repeat(16),
                "11".repeat(20),
                "2005-01-01T20:31:10Z"));
    sa.count(540, Instant.parse("2005-01-01T20:35:05Z").toEpochMilli());
    String[] lines =
        new SetkeyFormat(Instant.parse("2005-01-01T20:40:47Z"), ZoneOffset.UTC, 1)
            .sad(List.of(sa))
            .split("\n", -1);
    assertEquals("2001:db8:1:1::1 2001:db8:2:2::2 ", lines[0]);
    assertEquals("\tesp mode=tunnel spi=256(0x00000100) reqid=16385(0x00004001)", lines[1]);
    assertEquals("\tseq=0x00000000 replay=64 flags=0x00000000 state=mature ", lines[4]);
    assertEquals("\tcreated: Jan  1 20:31:10 2005\tcurrent: Jan  1 20:40:47 2005", lines[5]);
    assertEquals("\tlast: Jan  1 20:35:05 2005\thard: 0(s)\tsoft: 0(s)", lines[7]);
    assertEquals("\tcurrent: 540(bytes)\thard: 0(bytes)\tsoft: 0(bytes)", lines[8]);
    assertEquals("\tallocated: 1\thard: 0\tsoft: 0", lines[9]);
    assertEquals("\tsadb_seq=0 pid=1 refcnt=0", lines[10]);
  }

  @Test
  void printsTheSaltOfAnAeadBehindItsKeyAndNoIntegrityKey() {
    EspSuite gcm = new EspSuite(Encryption.AES_GCM_16, 256, Integrity.NONE);
    String key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fdeadbeef";
    Sa sa = new OutboundSa(sa(0x100, Mode.TUNNEL, gcm, key, "", "2005-01-01T00:00:00Z"));
    String[] lines =
        new SetkeyFormat(Instant.EPOCH, ZoneOffset.UTC, 1).sad(List.of(sa)).split("\n", -1);
    assertEquals(
        "\tE: aes-gcm-16  00010203 04050607 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f",
        lines[2]);
    assertEquals(" deadbeef", lines[3]);
    assertEquals("\tseq=", lines[4].substring(0, 5));
  }

  @Test
  void printsWhereEspTravelsInUdp() {
    SaParameters parameters =
        sa(0x100, Mode.TUNNEL, AES_SHA1, "00".repeat(16), "11".repeat(20), "2005-01-01T00:00:00Z")
            .movedTo(HERE, THERE, Optional.of(new UdpEncapsulation(4500, 61000)));
    String[] lines =
        new SetkeyFormat(Instant.EPOCH, ZoneOffset.UTC, 1)
            .sad(List.of(new InboundSa(parameters)))
            .split("\n", -1);
    assertEquals("2001:db8:2:2::2[61000] 2001:db8:1:1::1[4500] ", lines[0]);
    assertEquals("\tesp-udp mode=tunnel", lines[1].substring(0, 20));
  }

  @Test
  void printsSequenceAndStateAsTheyGo() {
    SaParameters parameters =
        sa(0x100, Mode.TUNNEL, AES_SHA1, "00".repeat(16), "11".repeat(20), "2005-01-01T00:00:00Z");
    OutboundSa out = new OutboundSa(parameters);
    out.nextSequence();
    out.nextSequence();
    String text =
        new SetkeyFormat(Instant.parse("2005-01-01T00:00:10Z"), ZoneOffset.UTC, 1)
            .sad(List.of(out));
    assertEquals(true, text.contains("\tseq=0x00000002 replay=64"));
  }

  /// `-p`: every address with a port; `-l`: a line for each SA.
  @Test
  void printsPortsAndShortLinesForThoseWhoAsk() {
    SetkeyFormat format =
        new SetkeyFormat(Instant.parse("2005-01-01T21:22:20Z"), ZoneOffset.UTC, 23825);
    assertEquals(
        "2001:db8:1:1::1[0] 2001:db8:2:2::2[0] ",
        format.withPorts().sad(List.of(outboundOfPluto())).lines().findFirst().orElseThrow());
    assertEquals(
        """
        2220 esp M a98b7710  348/0   2001:db8:1:1::1 -> 2001:db8:2:2::2
        2220 esp M a51e1f22  349/0   2001:db8:2:2::2 -> 2001:db8:1:1::1
        """,
        format.brief(List.of(outboundOfPluto(), inboundOfPluto())));
  }

  /// The SA of racoon in the seed: nothing but its ends ties it to its policy.
  @Test
  void printsZeroForTheReqidThatNobodyHasSet() {
    SaParameters pluto = outboundOfPluto().parameters();
    SaParameters byEnds =
        new SaParameters(
            pluto.spi(),
            "x",
            Reqid.FIRST_BY_ENDS + 3,
            pluto.mode(),
            pluto.local(),
            pluto.remote(),
            pluto.encapsulation(),
            pluto.suite(),
            pluto.encryptionKey(),
            pluto.integrityKey(),
            pluto.esn(),
            pluto.replayWindow(),
            pluto.lifetime(),
            pluto.outerTraffic(),
            pluto.ipcomp(),
            pluto.originals(),
            pluto.selectors(),
            pluto.created());
    String text = new SetkeyFormat(CREATED, ZoneOffset.UTC, 1).sad(List.of(new OutboundSa(byEnds)));
    assertTrue(text.contains(" reqid=0(0x00000000)\n"), text);
  }

  @Test
  void saysThatThereIsNothing() {
    SetkeyFormat format = new SetkeyFormat(Instant.EPOCH, ZoneOffset.UTC, 1);
    assertEquals("No SAD entries.\n", format.sad(List.of()));
    assertEquals("No SPD entries.\n", format.spd(List.of()));
  }

  /// As Linux has them: what arrives stands twice, the numbers of the policies count from 0 with
  /// the direction in their last bits, and the newest is first.
  @Test
  void printsPoliciesAsSetkeyDoes() {
    Processing ends = new Processing.Protect(Mode.TUNNEL, HERE, THERE, Reqid.FIRST_BY_ENDS);
    Processing unique = new Processing.Protect(Mode.TUNNEL, HERE, THERE, 16384);
    assertEquals(
        """
        2001:db8:2:2::2[any] 2001:db8:1:1::1[any] any
        \tfwd prio high ipsec
        \tesp/tunnel/2001:db8:2:2::2-2001:db8:1:1::1/require
        \tcreated: Jan  1 20:31:10 2005  lastused: Jan  1 20:31:10 2005
        \tlifetime: 0(s) validtime: 0(s)
        \tspid=18 seq=1 pid=9
        \trefcnt=1
        2001:db8:2:2::2[any] 2001:db8:1:1::1[any] any
        \tin prio high ipsec
        \tesp/tunnel/2001:db8:2:2::2-2001:db8:1:1::1/unique#16384
        \tcreated: Jan  1 20:31:10 2005  lastused: Jan  1 20:31:10 2005
        \tlifetime: 0(s) validtime: 0(s)
        \tspid=8 seq=2 pid=9
        \trefcnt=1
        2001:db8:1:1::1[any] 2001:db8:2:2::2[any] any
        \tout prio def ipsec
        \tesp/tunnel/2001:db8:1:1::1-2001:db8:2:2::2/require
        \tcreated: Jan  1 20:31:10 2005  lastused:\s\s\s\s\s\s\s\s\s\s\s\s\s\s\s\s\s\s\s\s\s
        \tlifetime: 0(s) validtime: 0(s)
        \tspid=1 seq=0 pid=9
        \trefcnt=1
        """,
        new SetkeyFormat(CREATED, ZoneOffset.UTC, 9)
            .spd(
                List.of(
                    entry(2, Direction.INBOUND, 0x40000000, unique),
                    entry(1, Direction.OUTBOUND, 0x80000000, ends))));
  }

  @Test
  void printsNumbersThatWereSetByHandBehindAColon() {
    Processing manual = new Processing.Protect(Mode.TRANSPORT, HERE, THERE, 7);
    String text =
        new SetkeyFormat(CREATED, ZoneOffset.UTC, 9)
            .spd(List.of(entry(1, Direction.OUTBOUND, 0, manual)));
    assertTrue(text.contains("\tout ipsec\n\tesp/transport//unique:7\n"), text);
  }

  private static SpdEntry entry(int id, Direction direction, int priority, Processing processing) {
    long used = direction == Direction.INBOUND ? CREATED.toEpochMilli() : 0;
    return new SpdEntry(
        id,
        new Policy("x", direction, BETWEEN, priority, processing),
        CREATED,
        new AtomicLong(used));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1073741823 | 6  | 22     | ::/0[any] 2001:db8::/32[22] tcp        | out prio high + 1 none
          1073741832 | 0  | 65536  | ::/0[any] 2001:db8::/32[any] any       | out prio high - 8 none
          -2147483648 | 47 | 65536 | ::/0 2001:db8::/32 gre                 | out prio def none
          -1073741824 | 99 | 65536 | ::/0[any] 2001:db8::/32[any] 99        | out prio low none
          0          | 17 | 500    | ::/0[any] 2001:db8::/32[500] udp       | out none
          """)
  void printsPrioritiesPrefixesAndPorts(
      int priority, int protocol, int port, String selector, String action) {
    Selector narrow =
        new Selector(
            AddressRange.ANY,
            AddressRange.parse("2001:db8::/32"),
            protocol,
            PortRange.ANY,
            port > 65535 ? PortRange.ANY : PortRange.of(port));
    String[] lines = printed(narrow, priority);
    assertEquals(selector.strip(), lines[0]);
    assertEquals("\t" + action.strip(), lines[1]);
  }

  @Test
  void printsTypesOfIcmpv6BehindTheProtocol() {
    PortRange echo = PortRange.icmp(128, -1);
    Selector narrow = new Selector(BETWEEN.local(), BETWEEN.remote(), Selector.ICMPV6, echo, echo);
    assertEquals("2001:db8:1:1::1 2001:db8:2:2::2 ipv6-icmp 128,any", printed(narrow, 0)[0]);
  }

  private static String[] printed(Selector selector, int priority) {
    Policy policy =
        new Policy("x", Direction.OUTBOUND, selector, priority, new Processing.Bypass());
    return new SetkeyFormat(Instant.EPOCH, ZoneOffset.UTC, 1)
        .spd(List.of(new SpdEntry(1, policy, Instant.EPOCH, new AtomicLong())))
        .split("\n", -1);
  }

  @SuppressWarnings("TooManyParameters")
  private static SaParameters sa(
      int spi, Mode mode, EspSuite suite, String key, String integrityKey, String created) {
    return new SaParameters(
        spi,
        "x",
        16385,
        mode,
        HERE,
        THERE,
        Optional.empty(),
        suite,
        KeyMaterial.copyOf(HexFormat.of().parseHex(key)),
        KeyMaterial.copyOf(HexFormat.of().parseHex(integrityKey)),
        false,
        64,
        Lifetime.UNLIMITED,
        OuterTraffic.DEFAULT,
        List.of(BETWEEN),
        Instant.parse(created));
  }

  /// {@return `text` as `expand` and a cut of trailing blanks leave it}
  private static String expanded(String text) {
    return text.lines().map(SetkeyFormatTest::expandedLine).collect(Collectors.joining());
  }

  private static String expandedLine(String line) {
    StringBuilder wide = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      wide.append(c == '\t' ? " ".repeat(8 - wide.length() % 8) : String.valueOf(c));
    }
    return wide.toString().stripTrailing() + "\n";
  }
}
