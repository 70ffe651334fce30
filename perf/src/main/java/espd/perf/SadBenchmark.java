package espd.perf;

import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Flow;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.OutboundSa;
import espd.spd.Sa;
import espd.spd.Sad;
import espd.spd.Sadb;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The look-up of a packet's SA (RFC 4301 §5.1 step 3, RFC 4303 §3.4.2) among many, and what a
/// change of the SAD costs.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SadBenchmark {

  private static final int PACKETS = 1 << 16;
  private static final EspSuite SUITE = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);

  /// How many SAs, half of them in each direction.
  @Param({"2", "100000"})
  public int sas;

  private final List<Sa> all = new ArrayList<>();
  private final int[] spis = new int[PACKETS];
  private final int[] reqids = new int[PACKETS];
  private final Flow[] flows = new Flow[PACKETS];
  private Sad sad = new Sad(List.of());
  private int next;

  /// Makes the SAs, and packets of random ones.
  @Setup(Level.Trial)
  public void makeSas() {
    SplittableRandom random = new SplittableRandom(1);
    for (int peer = 0; peer < sas / 2; peer++) {
      int spi = random.nextInt(257, Integer.MAX_VALUE);
      all.add(new InboundSa(SampleSas.parameters(spi, peer, SUITE)));
      all.add(new OutboundSa(SampleSas.parameters(spi, peer, SUITE)));
    }
    sad = new Sad(all);
    for (int i = 0; i < PACKETS; i++) {
      int peer = random.nextInt(sas / 2);
      spis[i] = all.get(2 * peer).spi();
      reqids[i] = peer;
      flows[i] = SampleSas.flow(peer);
    }
  }

  /// {@return the SA of an arriving packet}
  @Benchmark
  public @Nullable InboundSa inbound() {
    return sad.inbound(spis[next++ & (PACKETS - 1)]);
  }

  /// {@return the SA of a leaving packet whose policy is known}
  @Benchmark
  public @Nullable OutboundSa outbound() {
    int packet = next++ & (PACKETS - 1);
    return sad.outbound(reqids[packet], flows[packet]);
  }

  /// {@return whether an SA that was installed could be removed: two changes of the SAD}
  @Benchmark
  public boolean installAndRemove(Database database) {
    InboundSa sa = database.another;
    database.sadb.install(sa);
    return database.sadb.remove(sa);
  }

  /// The database with all the SAs, and one SA more.
  @State(Scope.Thread)
  public static class Database {
    private final Sadb sadb = new Sadb(InstantSource.system(), new SplittableRandom(2));
    private final InboundSa another = new InboundSa(SampleSas.parameters(256, 0, SUITE));

    /// Installs the SAs.
    @Setup(Level.Trial)
    public void install(SadBenchmark benchmark) {
      benchmark.all.forEach(sadb::install);
    }
  }
}
