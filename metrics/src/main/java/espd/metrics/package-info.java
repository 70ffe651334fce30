/// What the program counts, and its exposition to Prometheus.
///
/// [Meters] knows figures by name; nobody pushes to it. What is counted elsewhere (the packets of
/// an SA, the drops of a reason) is read through a function at the moment of a scrape, so counting
/// costs the packet path nothing and a figure cannot be older than its answer. A [RowSet] has one
/// row per thing that comes and goes, a [Tally] one per combination of names that has occurred;
/// both are bounded, so that no peer can make the page grow without end. [MetricsServer] serves the
/// page over HTTP.
@NullMarked
package espd.metrics;

import org.jspecify.annotations.NullMarked;
