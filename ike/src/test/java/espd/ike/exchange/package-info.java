/// One state machine at a time, fed by hand.
@NullMarked
package espd.ike.exchange;

import org.jspecify.annotations.NullMarked;
