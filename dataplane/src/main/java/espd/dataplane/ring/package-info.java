/// How the stages of one direction share threads, in order, bounded, and asleep when there is
/// nothing to do: [Ring], sequential – parallel – sequential over an LMAX Disruptor, or
/// [RunToCompletion], where one thread does it all.
///
/// With two processors for both directions of both hosts of a test, and AES-128-GCM, one TCP stream
/// ran at (medians of four runs in turn, Gbit/s):
///
/// | stages          | raw ESP | ESP in UDP |
/// |-----------------|---------|------------|
/// | RunToCompletion | 1.76    | 5.22       |
/// | Ring, 1 worker  | 1.47    | 4.50       |
///
/// More threads only take turns there, and a batch leaves the cache between two of them. In a flood
/// of 64-octet packets, where the sender takes all the processor it gets, the ring's three threads
/// got more of it and carried some 15 % more; that is the scheduler's doing. Waiting a little (50
/// or 150 µs of yielding) before a thread sleeps gained up to a fifth on small packets in UDP and
/// cost raw ESP a quarter of its TCP rate: nobody does.
///
/// All are [espd.tun.PacketThread]s, which do not interrupt who runs when they are woken. Under an
/// overload of 2.3 times the peak, raw ESP kept 0.68, 0.39 and 0.39 of the peak without it, and
/// 0.88, 0.89 and 0.74 with it, on one machine.
@NullMarked
package espd.dataplane.ring;

import org.jspecify.annotations.NullMarked;
