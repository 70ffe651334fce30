package espd.ike.driver;

import espd.ike.DropReason;
import java.time.Duration;

/// Is told what IKE does, in figures for meters. Called from the event loop; must return at once.
/// All names come from small, fixed sets.
public interface IkeListener {

  /// What [#rekeyed] says of an IKE SA.
  String IKE = "ike";

  /// What [#rekeyed] says of a Child SA.
  String CHILD = "child";

  /// An exchange ended.
  ///
  /// @param exchange `IKE_SA_INIT`, `IKE_AUTH`, `CREATE_CHILD_SA` or `INFORMATIONAL`
  /// @param role `initiator` when we asked, `responder` when the peer did
  /// @param result `ok`, `refused`, `timeout` or `malformed`
  default void exchanged(String exchange, String role, String result) {}

  /// An IKE SA came to be.
  ///
  /// @param role `initiator` or `responder`: ours in it
  /// @param handshake since its first IKE_SA_INIT was begun by us, or came
  default void established(String role, Duration handshake) {}

  /// A successor took the place of an SA.
  ///
  /// @param sa [#IKE] or [#CHILD]
  default void rekeyed(String sa) {}

  /// A request was answered with COOKIE, for want of trust (RFC 7296 §2.6).
  default void cookieSent() {}

  /// A notification said that something is wrong.
  ///
  /// @param direction `sent` or `received`
  /// @param notify its name in the RFC
  default void notified(String direction, String notify) {}

  /// A request was sent again.
  default void retransmitted() {}

  /// A datagram was of no use.
  default void dropped(DropReason reason) {}

  /// How many IKE SAs there are now.
  ///
  /// @param established those that are established
  /// @param halfOpen those on their way
  default void ikeSas(int established, int halfOpen) {}
}
