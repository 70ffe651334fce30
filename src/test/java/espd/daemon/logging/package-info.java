/// Tests of what the program logs.
@NullMarked
package espd.daemon.logging;

import org.jspecify.annotations.NullMarked;
