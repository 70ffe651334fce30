package espd.daemon.config;

import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;

/// How long the SAs of a connection live and how its peer is watched, in whatever words a file says
/// it.
interface SaTimes {

  /// {@return when the IKE SA is replaced}
  Rekeying ofIke() throws Unreadable;

  /// {@return when Child SAs are replaced}
  Rekeying ofChild() throws Unreadable;

  /// {@return how the peer is watched}
  Liveness liveness() throws Unreadable;
}
