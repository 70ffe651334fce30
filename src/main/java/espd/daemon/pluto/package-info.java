/// Pluto's face: the command `ipsec`, and what `whack` printed, made of what happens in the daemon.
///
/// [Ipsec] runs at the command line and speaks to the control socket; [WhackCommands] answers
/// there. Numbers and words are those of Openswan 2.x without aggressive mode where the connection
/// has none, and of one with it where it has; for IKEv2 those of libreswan 3.
@NullMarked
package espd.daemon.pluto;

import org.jspecify.annotations.NullMarked;
