package espd.ike.driver;

/// What became of an SA, told to a [SaListener].
public sealed interface SaChange {

  /// An IKE SA is established.
  record IkeSaUp(IkeSaView ikeSa) implements SaChange {}

  /// An IKE SA is gone. Its Child SAs went before it.
  ///
  /// @param ikeSa as it last was
  record IkeSaDown(IkeSaView ikeSa) implements SaChange {}

  /// A successor has taken the place of an IKE SA, with its Child SAs (RFC 7296 §2.18). The old one
  /// is not told of any more.
  record IkeSaRekeyed(IkeSaView old, IkeSaView successor) implements SaChange {}

  /// A Child SA is established.
  ///
  /// @param ikeSa that it belongs to
  record ChildSaUp(IkeSaView ikeSa, ChildSaView child) implements SaChange {}

  /// A Child SA is gone.
  ///
  /// @param ikeSa that it belonged to
  record ChildSaDown(IkeSaView ikeSa, ChildSaView child) implements SaChange {}

  /// A successor has taken the place of a Child SA (RFC 7296 §2.8). The old one is not told of any
  /// more.
  ///
  /// @param ikeSa that both belong to
  record ChildSaRekeyed(IkeSaView ikeSa, ChildSaView old, ChildSaView successor)
      implements SaChange {}
}
