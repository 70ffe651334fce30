/// The ring between the threads of one direction: sequential – parallel – sequential over an LMAX
/// Disruptor, bounded, in order, and asleep when there is nothing to do.
@NullMarked
package espd.dataplane.ring;

import org.jspecify.annotations.NullMarked;
