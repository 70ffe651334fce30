package espd.perf;

import espd.spd.ReplayWindow;
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

/// The replay window (RFC 4303 §3.4.3): both checks of a packet, with the inference of its high
/// half (RFC 4303 Appendix A2).
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplayWindowBenchmark {

  private static final int STEPS = 1 << 12;

  /// How many numbers the window holds.
  @Param({"64", "1024", "8192"})
  public int size;

  private final int[] late = new int[STEPS];
  private ReplayWindow window = new ReplayWindow(64, true);
  private long number;

  /// Makes an empty window, and how late each packet of a disordered path is.
  @Setup(Level.Trial)
  public void makeWindow() {
    window = new ReplayWindow(size, true);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < STEPS; i++) {
      late[i] = random.nextInt(16);
    }
  }

  /// {@return whether a packet that came in order is new}
  @Benchmark
  public boolean inOrder() {
    return accept((int) ++number);
  }

  /// {@return whether a packet that came a little too late or twice is new}
  @Benchmark
  public boolean disordered() {
    number++;
    return accept((int) (number - late[(int) number & (STEPS - 1)]));
  }

  /// {@return whether a packet that follows a gap of a whole window is new}
  @Benchmark
  public boolean afterGap() {
    number += size;
    return accept((int) number);
  }

  private boolean accept(int onTheWire) {
    long whole = window.infer(onTheWire);
    return window.admits(whole) && window.record(whole);
  }
}
