package espd.perf;

import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sadb;
import espd.spd.Spd;
import espd.spd.SpdEntry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The look-up of a packet's policy (RFC 4301 §5.1 step 1) among many.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SpdBenchmark {

  private static final int FLOWS = 1024;

  /// How many policies.
  @Param({"10", "1000", "10000"})
  public int policies;

  private final Sadb sadb = new Sadb(InstantSource.system(), new SplittableRandom(1));
  private final Flow[] flows = new Flow[FLOWS];
  private Flow stranger = SampleSas.flow(0);
  private Spd spd = sadb.spd();
  private int next;

  /// Makes the policies, and flows of random ones.
  @Setup(Level.Trial)
  public void makePolicies() {
    List<Policy> added = new ArrayList<>();
    for (int peer = 0; peer < policies; peer++) {
      added.add(
          new Policy(
              "benchmark",
              Direction.OUTBOUND,
              SampleSas.selector(peer),
              Policy.DEFAULT_PRIORITY,
              new Processing.Bypass()));
    }
    sadb.addAll(added);
    spd = sadb.spd();
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < FLOWS; i++) {
      flows[i] = SampleSas.flow(random.nextInt(policies));
    }
    stranger = SampleSas.flow(policies);
  }

  /// {@return the policy of a packet of a random peer}
  @Benchmark
  public SpdEntry somePolicy() {
    return spd.lookup(Direction.OUTBOUND, flows[next++ & (FLOWS - 1)]);
  }

  /// {@return what decides about a packet that no policy selects: all are asked}
  @Benchmark
  public SpdEntry noPolicy() {
    return spd.lookup(Direction.OUTBOUND, stranger);
  }
}
