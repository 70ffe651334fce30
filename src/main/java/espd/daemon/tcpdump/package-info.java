/// tcpdump's words: its lines are read and told of which SA they are
/// ([espd.daemon.tcpdump.Annotator]), and its filter is written ([espd.daemon.tcpdump.Filter]).
@NullMarked
package espd.daemon.tcpdump;

import org.jspecify.annotations.NullMarked;
