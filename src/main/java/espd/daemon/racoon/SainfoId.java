package espd.daemon.racoon;

import espd.daemon.config.Value;
import espd.spd.AddressRange;
import espd.spd.PortRange;

/// One end of a `sainfo`: which packets it is for.
sealed interface SainfoId {

  /// Any.
  record Anonymous() implements SainfoId {}

  /// The address that a peer was given by mode-config, which there is none of.
  record ClientAddress() implements SainfoId {}

  /// Those of some addresses.
  ///
  /// @param protocol the upper layer's, 0 for any
  record Addresses(AddressRange addresses, PortRange ports, int protocol) implements SainfoId {}

  /// Those of an end with a name of its own in phase 2.
  record Named(String type, Value name) implements SainfoId {}
}
