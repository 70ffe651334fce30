/// Fragments (RFC 8200 §4.5, RFC 791 §3.2): datagrams are cut
/// ([espd.dataplane.fragment.Fragmentation]) and put together
/// ([espd.dataplane.fragment.Reassembly]), and those of a tunnel that are carried as they are
/// follow their first one ([espd.dataplane.fragment.FragmentTracker], RFC 4301 §7).
@NullMarked
package espd.dataplane.fragment;

import org.jspecify.annotations.NullMarked;
