/// The operating system: the TUN device, the outer network's sockets, routes and rules. The only
/// module that calls native code which touches the host.
///
/// Each interface ([TunDevice], [Underlay], [HostNetwork]) has its Linux form and an in-memory
/// twin, so that two whole daemons run in one test without a privilege.
@NullMarked
package espd.tun;

import org.jspecify.annotations.NullMarked;
