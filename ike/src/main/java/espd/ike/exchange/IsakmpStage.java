package espd.ike.exchange;

/// How far a negotiation of IKEv1 has come, by the names that pluto made known: who is at I has
/// begun, who is at R answers.
public enum IsakmpStage {
  /// Main mode: SA is sent.
  MAIN_I1,
  /// Main mode: KE and nonce are sent.
  MAIN_I2,
  /// Main mode: identity and proof are sent.
  MAIN_I3,
  /// Main mode: the ISAKMP SA is established.
  MAIN_I4,
  /// Main mode: SA is answered.
  MAIN_R1,
  /// Main mode: KE and nonce are answered.
  MAIN_R2,
  /// Main mode: the ISAKMP SA is established.
  MAIN_R3,
  /// Aggressive mode: all but the proof is sent.
  AGGR_I1,
  /// Aggressive mode: the ISAKMP SA is established.
  AGGR_I2,
  /// Aggressive mode: all is answered.
  AGGR_R1,
  /// Aggressive mode: the ISAKMP SA is established.
  AGGR_R2,
  /// Quick mode: the proposal is sent.
  QUICK_I1,
  /// Quick mode: the IPsec SAs are established.
  QUICK_I2,
  /// Quick mode: the proposal is answered, the inbound SA is installed.
  QUICK_R1,
  /// Quick mode: the IPsec SAs are established.
  QUICK_R2
}
