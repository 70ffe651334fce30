/// `espd watch`: the rates of SAs and drops, in a terminal. A [Sample] is what the daemon says at
/// one moment, through its control socket; a [Screen] is the difference of two, in lines; a
/// [Terminal] shows them in place.
@NullMarked
package espd.daemon.watch;

import org.jspecify.annotations.NullMarked;
