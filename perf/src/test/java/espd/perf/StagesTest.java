package espd.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The table of `perf/bench`, of JMH's CSV.
class StagesTest {

  private static final List<String> CSV =
      """
      "Benchmark","Mode","Threads","Samples","Score","Score Error (99.9%)","Unit","Param: octets","Param: suite"
      "espd.perf.EspBenchmark.seal","avgt",1,5,701.500000,12.250000,"ns/op",1400,AES_GCM_128
      "espd.perf.EspBenchmark.seal:gc.alloc.rate","avgt",1,5,99.0,NaN,"MB/sec",1400,AES_GCM_128
      "espd.perf.EspBenchmark.seal:gc.alloc.rate.norm","avgt",1,5,0.004,NaN,"B/op",1400,AES_GCM_128
      "espd.perf.EspBenchmark.seal:gc.count","avgt",1,5,0.0,NaN,"counts",1400,AES_GCM_128
      "espd.perf.EspBenchmark.seal","avgt",1,5,1.5,NaN,"ns/op",64,AES_GCM_128
      "espd.perf.SpdBenchmark.noPolicy","avgt",1,1,9.0,NaN,"ns/op",,
      """
          .lines()
          .toList();

  @Test
  void aRowHasTheTimeItsErrorAndTheGarbage() {
    assertEquals(
        """
        | stage and parameters                   | ns a packet |    ± | octets of garbage |
        |----------------------------------------|------------:|-----:|------------------:|
        | Esp.seal octets=1400 suite=AES_GCM_128 |         702 | 12.3 |              0.00 |
        | Esp.seal octets=64 suite=AES_GCM_128   |        1.50 |    - |                 - |
        | Spd.noPolicy                           |        9.00 |    - |                 - |
        """,
        Stages.read(CSV).table());
  }

  @Test
  void nothingMeasuredIsAnEmptyTable() {
    assertEquals(2, Stages.read(List.of()).table().lines().count());
    assertEquals(List.of(), Stages.read(CSV.subList(0, 1)).rows());
  }
}
