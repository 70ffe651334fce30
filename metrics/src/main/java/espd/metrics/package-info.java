/// What the program counts, and its exposition to Prometheus, in its text format or in OpenMetrics.
///
/// [Meters] knows figures by name; nobody pushes to it. What is counted elsewhere (the packets of
/// an SA, the drops of a reason) is read through a function at the moment of a scrape, so counting
/// costs the packet path nothing and a figure cannot be older than its answer. A [RowSet] has one
/// row per thing that comes and goes, a [Tally] one per combination of names that has occurred;
/// both are bounded, so that no peer can make the page grow without end. For the same reason no
/// label has a value that a stranger chooses: an SPI is one only of an SA of ours, and what comes
/// with an unknown one is counted under its reason alone; which the last one was, the status and
/// the log say.
///
/// The library is Prometheus's own client: names, histograms and both formats are as its ecosystem
/// expects them, and `promtool check metrics` finds nothing. (Micrometer stood before it here, and
/// renamed what it was given: `process_cpu_time_ns_total`.) [MetricsServer] serves the page over
/// HTTP.
@NullMarked
package espd.metrics;

import org.jspecify.annotations.NullMarked;
