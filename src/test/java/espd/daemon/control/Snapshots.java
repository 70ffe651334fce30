package espd.daemon.control;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.Cleartext;
import espd.daemon.control.Snapshot.Configured;
import espd.daemon.control.Snapshot.End;
import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.Snapshot.Machine;
import espd.daemon.control.Snapshot.Ring;
import espd.daemon.control.Snapshot.Traffic;
import espd.dataplane.AuditedDrop;
import espd.dataplane.DropReason;
import espd.ike.Assigned;
import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipcomp;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A daemon with one connection, as examples show it.
public final class Snapshots {

  static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final Selector SELECTOR = Selector.between(AddressRange.of(HERE), AddressRange.of(THERE));

  private static final Machine MACHINE =
      new Machine(
          "1.0", "SunJCE", 1, List.of(HERE), new Cleartext(true, "nftables table ip6 espd_espd0"));

  private static final AuditedDrop DROP =
      new AuditedDrop(
          NOW.minusSeconds(9),
          Direction.INBOUND,
          DropReason.UNKNOWN_SPI,
          "SPI 0x0000beef",
          7,
          HERE,
          THERE);

  private Snapshots() {}

  static Connection connection() {
    Connection.Rekeying hour =
        new Connection.Rekeying(Duration.ofHours(1), Duration.ofMinutes(9), 100, true);
    return new ConnectionBuilder("p1-p2", HERE)
        .remote(Optional.of(THERE))
        .remoteId(Optional.of(Identity.ofName("there.example")))
        .ikeProposals(
            List.of(new Proposal(1, Proposal.IKE, Bytes.EMPTY, List.of(Transform.encr(12, 128)))))
        .espProposals(
            List.of(new Proposal(1, Proposal.ESP, Bytes.EMPTY, List.of(Transform.encr(12, 128)))))
        .mode(Mode.TRANSPORT)
        .selectors(List.of(SELECTOR))
        .reqid(16385)
        .ikeLifetime(hour)
        .childLifetime(hour)
        .liveness(new Connection.Liveness(Duration.ofSeconds(30), Connection.DeadPeer.CLEAR))
        .keyingTries(3)
        .start(Connection.Start.ROUTE)
        .build();
  }

  /// {@return an established connection}
  public static Snapshot established() {
    IkeSa sa =
        new IkeSa(
            2,
            1,
            "p1-p2",
            "ESTABLISHED",
            true,
            new End(HERE, 500, "2001:db8:1:1::1"),
            new End(THERE, 500, "there.example"),
            0x0123456789abcdefL,
            0xfedcba9876543210L,
            "AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256/KE1_ML_KEM_768",
            Optional.of(NOW.minusSeconds(577)),
            Optional.of(NOW.plus(Duration.ofHours(3))),
            Assigned.NONE,
            List.of(child()));
    return new Snapshot(
        NOW,
        NOW.minus(Duration.ofDays(3)),
        MACHINE,
        List.of(new Configured(connection(), true)),
        List.of(sa),
        Map.of("REPLAYED", 2L, "MALFORMED", 0L),
        List.of(new Ring("outbound", 0, 64)),
        List.of(DROP));
  }

  private static ChildSa child() {
    return new ChildSa(
        1,
        "p1-p2",
        "INSTALLED",
        Mode.TRANSPORT,
        16385,
        Optional.empty(),
        "AES_CBC_128/HMAC_SHA1_96",
        new Traffic(
            0xa51e1f22, Optional.of(new Ipcomp(0x0c0d)), 312, 3, Optional.of(NOW.minusSeconds(5))),
        new Traffic(0xa98b7710, Optional.of(new Ipcomp(0xd00f)), 540, 1, Optional.empty()),
        NOW.minusSeconds(577),
        Optional.of(NOW.plusSeconds(2641)),
        Optional.of(NOW.plusSeconds(3000)),
        OptionalInt.of(1400),
        List.of(SELECTOR));
  }
}
