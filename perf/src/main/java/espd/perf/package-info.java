/// Benchmarks: of single stages under JMH, and the comparison of whole peers. Nothing depends on
/// them.
///
/// | question                                             | answer                                                      |
/// |------------------------------------------------------|-------------------------------------------------------------|
/// | what does one stage cost a packet, in time, garbage? | `perf/bench`, the classes `…Benchmark`; printed by [Stages] |
/// | what does a user see, beside other tunnels?          | `perf/compare`; printed by [Comparison]                     |
@NullMarked
package espd.perf;

import org.jspecify.annotations.NullMarked;
