package espd.ike.driver;

import espd.ike.crypto.Role;

/// Is told what becomes of SAs, each with its connection. Called from the event loop; must return
/// at once.
public interface SaListener {

  /// An SA came, went or was replaced.
  default void changed(SaChange change) {}

  /// A negotiation of IKEv1 has come a step further.
  default void reached(SaStage stage) {}

  /// There is something to read.
  default void said(SaLine line) {}

  /// An exchange ended.
  ///
  /// @param connection its name, empty before it is known
  /// @param exchange `IKE_SA_INIT`, `IKE_AUTH`, `CREATE_CHILD_SA` or `INFORMATIONAL`
  /// @param asker our role in it
  /// @param result `ok`, `refused`, `timeout` or `malformed`
  default void exchanged(String connection, String exchange, Role asker, String result) {}
}
