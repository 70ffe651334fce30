/// The program: reads configuration, wires the modules together, and speaks with people. No
/// protocol.
///
/// ```
///   cli ──► Program ──► Daemon ──► config, control
///                         │
///                         ├─ Sadb          the databases
///                         ├─ DataPlane     packets: TUN ◄──► Underlay
///                         ├─ Ike           peers: UDP 500 through Netty, 4500 through the Underlay
///                         ├─ LiveConfiguration  files and control socket say what all of these do
///                         ├─ IkeHappenings      what becomes of SAs, for whoever listens
///                         ├─ ProtectedTraffic   SPD entries and routes follow the SAs
///                         ├─ Enforcement   the host's packet filter follows the SPD
///                         ├─ Taps, LoggedKeys   packets and keys, for those who ask by name
///                         ├─ Figures       what Prometheus scrapes
///                         └─ ServiceManager     what systemd is told
/// ```
@NullMarked
package espd.daemon;

import org.jspecify.annotations.NullMarked;
