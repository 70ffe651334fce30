package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.Connection;
import espd.ike.Identity;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.KeyInputs;
import espd.ike.crypto.Prf;
import espd.ike.crypto.Role;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Established;
import espd.ike.exchange.IkeSa;
import espd.ike.exchange.MessageWindow;
import espd.ike.exchange.Nat;
import espd.ike.exchange.Path;
import espd.ike.exchange.Peer;
import espd.ike.message.Bytes;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.Sa;
import espd.spd.SaParameters;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class IkeSaTableTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long SPI = 0x1234_5678_9abc_def0L;

  private final Connection connection = Connections.bob().connection();
  private final IkeSaTable table = new IkeSaTable();

  /// What has left an IKE SA is not known any more, and so not kept: an hour has thousands of it.
  @Test
  void anSaHasAnOwnerForAsLongAsTheIkeSaHasIt() {
    ChildSa old = child(300);
    ChildSa successor = child(400);
    IkeSaTable.Entry entry = new IkeSaTable.Entry(SPI, NOW, ikeSa(List.of(old)));
    table.add(entry);
    assertEquals(List.of(SPI, SPI), owners(old));
    table.become(entry, ikeSa(List.of(successor)));
    assertEquals(List.of(), owners(old));
    assertEquals(List.of(SPI, SPI), owners(successor));
    table.remove(entry);
    assertEquals(List.of(), owners(successor));
  }

  private List<Long> owners(ChildSa child) {
    return Stream.<Sa>of(child.inbound(), child.outbound())
        .flatMap(sa -> table.owner(sa).stream())
        .toList();
  }

  private ChildSa child(int spi) {
    SaParameters parameters =
        new SaParameters(
            spi,
            connection.name(),
            1,
            Mode.TUNNEL,
            Connections.BOB,
            Connections.ALICE,
            Optional.empty(),
            new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE),
            KeyMaterial.copyOf(new byte[20]),
            KeyMaterial.none(),
            false,
            64,
            Lifetime.UNLIMITED,
            OuterTraffic.DEFAULT,
            connection.selectors(),
            NOW);
    return new ChildSa(
        connection,
        spi,
        new InboundSa(parameters),
        new OutboundSa(parameters),
        Optional.empty(),
        false);
  }

  private Established ikeSa(List<ChildSa> children) {
    IkeKeys keys =
        IkeKeys.derive(
            new IkeSuite(
                Encryption.AES_GCM_16,
                128,
                Integrity.NONE,
                Prf.HMAC_SHA2_256,
                KeyExchangeMethod.CURVE_25519),
            new KeyInputs(Bytes.EMPTY, Bytes.EMPTY, 1, SPI),
            KeyMaterial.copyOf(new byte[32]));
    Path path = Path.between(Connections.BOB, Connections.ALICE);
    return new Established(
        new IkeSa(Role.RESPONDER, 1, 1, SPI, keys, path, new Nat(false, false), false, Set.of()),
        new Peer(connection, Identity.of(Connections.BOB), Identity.of(Connections.ALICE)),
        MessageWindow.fresh(),
        children,
        Established.Work.NONE,
        new Established.Timers(
            NOW, Optional.empty(), Optional.empty(), Optional.empty(), NOW, NOW, List.of()),
        Optional.empty());
  }
}
