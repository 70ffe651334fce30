package espd.spd;

/// Is told what happens in the databases. Calls come from the thread that caused the event (an
/// *acquire* from the data plane's), must return at once and must not throw.
public interface SadbListener {

  /// A packet needs an SA that nobody has negotiated (RFC 2367 §3.1.6): once per policy until it is
  /// installed, refused, or [Sadb#ACQUIRE_AGAIN] has passed.
  ///
  /// @param entry the policy that protects the packet
  /// @param packet exactly the packet's addresses, protocol and ports
  default void acquire(SpdEntry entry, Selector packet) {}

  /// An SA reached a limit of its lifetime (RFC 2367 §3.1.8): once for each limit. At the hard one
  /// it has already left the SAD.
  default void expire(Sa sa, Lifetime.Limit limit) {}

  /// The octets or packets of an SA have reached a soft or hard limit just now: once for each. Who
  /// calls [Sadb#expire()] does well to do it soon; on the data plane's thread that counts the SA's
  /// packets.
  default void due(Sa sa) {}

  /// An SA is in the SAD from now on.
  default void installed(Sa sa) {}

  /// An SA is no longer in the SAD.
  default void removed(Sa sa) {}

  /// What was installed and removed up to now belongs together and is to take effect: whoever has
  /// to bring something in step with the SAs does it now, once for all of them, before this
  /// returns.
  default void settled() {}

  /// No SA will come for a policy that waited for one: what is held for it is dropped.
  ///
  /// @param reqid of the policy
  default void refused(int reqid) {}
}
