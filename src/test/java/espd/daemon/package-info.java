/// Tests of the wiring, each part with what it has of the host held in memory.
@NullMarked
package espd.daemon;

import org.jspecify.annotations.NullMarked;
