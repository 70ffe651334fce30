/// The operating system in memory: the twins of `espd.tun`'s Linux forms, with which whole daemons
/// run side by side in one test, without a privilege and with a network as bad as the test wants
/// it.
///
/// [MemoryTun] is one host's TUN device with the test at the other end; [MemoryNetwork] joins
/// [MemoryUnderlay]s by their addresses and loses, doubles and reorders by a seed;
/// [MemoryHostNetwork] remembers the routes. All queues are bounded: what does not fit is lost, as
/// on a link.
@NullMarked
package espd.tun.memory;

import org.jspecify.annotations.NullMarked;
