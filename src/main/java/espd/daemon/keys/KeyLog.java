package espd.daemon.keys;

import espd.ike.crypto.IkeKeys;
import espd.ike.driver.KeyListener;
import espd.ike.driver.StandingKeys;
import espd.spd.KeyMaterial;
import espd.spd.Sa;
import espd.spd.Sadb;
import espd.spd.SadbListener;
import java.util.Set;
import java.util.function.Consumer;

/// Tells the keys of every SA and IKE SA there is, and of each that comes, until it is closed. A
/// line may be told twice.
public final class KeyLog implements SadbListener, KeyListener, AutoCloseable {

  /// Where keys come from.
  ///
  /// @param sadb the SAs of ESP
  /// @param ikeSas those of IKE
  public record Source(Sadb sadb, StandingKeys ikeSas) {}

  private final Source source;
  private final Set<Table> tables;
  private final Consumer<KeyLine> lines;

  private KeyLog(Source source, Set<Table> tables, Consumer<KeyLine> lines) {
    this.source = source;
    this.tables = Set.copyOf(tables);
    this.lines = lines;
  }

  /// Begins.
  ///
  /// @param tables whose lines are told
  /// @param lines is lent each line, on the thread that brings it; must return at once
  public static KeyLog start(Source source, Set<Table> tables, Consumer<KeyLine> lines) {
    KeyLog log = new KeyLog(source, tables, lines);
    source.sadb().subscribe(log);
    // Newest first there; a table is read from its beginning, oldest first.
    source.sadb().sad().all().reversed().forEach(log::installed);
    if (tables.contains(Table.IKEV2) || tables.contains(Table.IKEV1)) {
      source.ikeSas().follow(log);
    }
    return log;
  }

  @Override
  public void keys(long spiI, long spiR, IkeKeys keys) {
    if (tables.contains(Table.IKEV2)) {
      tell(Ikev2Line.of(spiI, spiR, keys));
    }
  }

  /// A line of `ikev1_decryption_table`: `COOKIEi,KEY`.
  @Override
  public void key(long cookieI, KeyMaterial encryptionKey) {
    if (tables.contains(Table.IKEV1)) {
      tell(
          new KeyLine(Table.IKEV1).text("%016x,".formatted(cookieI)).hex(encryptionKey).text("\n"));
    }
  }

  @Override
  public void installed(Sa sa) {
    try {
      if (tables.contains(Table.ESP_SA)) {
        tell(EspSaLine.of(sa));
      }
      if (tables.contains(Table.TCPDUMP)) {
        tell(TcpdumpLine.of(sa));
      }
    } catch (IllegalStateException e) {
      // It left the SAD meanwhile, and its keys are wiped.
    }
  }

  private void tell(KeyLine line) {
    try (line) {
      lines.accept(line);
    }
  }

  /// Nothing more is told.
  @Override
  public void close() {
    source.ikeSas().forget(this);
    source.sadb().unsubscribe(this);
  }
}
