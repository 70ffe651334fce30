/// `espd doctor`: whether this host gives a daemon what it needs, and what to do where it does not.
///
/// An [Examination] asks the host ([espd.tun.HostTrial], [espd.tun.facts]) and hands what it was
/// told to a [Check]: a record of facts that judges them and touches nothing, so that a test plants
/// any host there is. A check gives [Finding]s, which a [Report] shows.
@NullMarked
package espd.daemon.doctor;

import org.jspecify.annotations.NullMarked;
