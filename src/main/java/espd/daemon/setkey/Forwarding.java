package espd.daemon.setkey;

/// What an `in` policy says of packets that go on, as setkey's options `-r` and `-k` have it.
public enum Forwarding {
  /// The same: it is `fwd`, too (RFC 4301 §5.2).
  WITH_INBOUND,
  /// A `fwd` policy says it. Ours are the same as `in`, so one that repeats its `in` is done.
  BY_ITSELF
}
