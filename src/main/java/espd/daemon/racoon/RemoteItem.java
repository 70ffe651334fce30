package espd.daemon.racoon;

import espd.daemon.config.Value;
import espd.ike.IkeVersion.Phase1Mode;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One statement of a `remote`.
sealed interface RemoteItem {

  /// `remote_address`.
  record Address(Ipv6Address address) implements RemoteItem {}

  /// `exchange_mode`: how phase 1 begins and may begin, without `base`, which there is none of.
  record Modes(List<Phase1Mode> modes) implements RemoteItem {
    public Modes {
      modes = List.copyOf(modes);
    }
  }

  /// A word out of some: `passive on`, `proposal_check obey`, …
  ///
  /// @param word of the list that [RemoteChoice] has
  record Choice(RemoteChoice choice, String word) implements RemoteItem {}

  /// A number: `dpd_delay 20`, …
  record Amount(RemoteAmount amount, int number) implements RemoteItem {}

  /// `my_identifier`.
  record MyIdentifier(Identifier identifier) implements RemoteItem {}

  /// `peers_identifier`, of which there may be several.
  record PeersIdentifier(Identifier identifier) implements RemoteItem {}

  /// `certificate_type x509`.
  record Certificate(Value certificate, Value key) implements RemoteItem {}

  /// `peers_certfile x509`.
  record PeersCertificate(Value file) implements RemoteItem {}

  /// `ca_type x509`.
  record Authority(Value file) implements RemoteItem {}

  /// `lifetime time`.
  record Lifetime(Duration lifetime) implements RemoteItem {}

  /// `proposal`.
  record Proposal(Phase1Proposal proposal) implements RemoteItem {}

  /// What was read and has no effect, as was said.
  ///
  /// @param word that begins it
  record WithoutEffect(Value word, Optional<Value> argument) implements RemoteItem {}
}
