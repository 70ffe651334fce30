/// The driver of IKE: it gives the state machines of [espd.ike.exchange] their datagrams, timers
/// and computations, finds the one a message is for, and carries what they decide to the SAD.
///
/// Everything happens on one thread, the event loop of [IkeScheduler]; what comes from elsewhere
/// (datagrams, acquires, commands) is queued there, bounded.
@NullMarked
package espd.ike.driver;

import org.jspecify.annotations.NullMarked;
