package espd.ike.v1.exchange;

import espd.spd.InboundSa;
import java.time.Instant;

/// What an IPsec SA has to wait for.
sealed interface Due {

  /// {@return when it is to be done}
  Instant at();

  /// An inbound SA whose IPsec SA is closed took what was on its way for long enough.
  record Forget(Instant at, InboundSa sa) implements Due {}

  /// An IPsec SA that we have replaced is to be deleted: its peer can use the successor by now.
  record Retire(Instant at, int inboundSpi) implements Due {}

  /// An IPsec SA is to be replaced, which the peer refused before.
  record Rekey(Instant at, int inboundSpi) implements Due {}
}
