package espd.daemon.setkey;

import espd.spd.EspSuite;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.UdpEncapsulation;
import java.util.Optional;

/// One statement of setkey's language. Those that concern the SAD stand first, then those of the
/// SPD.
public sealed interface Statement {

  /// {@return where it stands}
  Where where();

  /// Wipes the keys of a statement that nobody uses; others have none.
  default void discard() {}

  /// `add`: an SA by hand.
  ///
  /// @param name of the SA
  /// @param mode transport, or tunnel; `any` is transport, as on Linux
  /// @param encapsulation the UDP ports of its source and destination, for `esp-udp`
  /// @param reqid 0 for an SA that serves every policy between its ends
  /// @param replayWindow how many numbers it holds, 0 for none
  /// @param lifetime its limits
  /// @param keying algorithms and keys
  record Add(
      Where where,
      SaName name,
      Mode mode,
      Optional<UdpEncapsulation> encapsulation,
      int reqid,
      int replayWindow,
      Lifetime lifetime,
      Keying keying)
      implements Statement {

    @Override
    public void discard() {
      keying.encryptionKey.close();
      keying.integrityKey.close();
    }
  }

  /// Algorithms and keys of an SA.
  ///
  /// @param suite the algorithms
  /// @param encryptionKey the cipher's key with its salt
  /// @param integrityKey the ICV's key, empty for an AEAD
  record Keying(EspSuite suite, KeyMaterial encryptionKey, KeyMaterial integrityKey) {}

  /// `get`: shows an SA.
  record Get(Where where, SaName name) implements Statement {}

  /// `delete`: takes an SA away.
  record Delete(Where where, SaName name) implements Statement {}

  /// `deleteall`: takes away all SAs between two ends.
  ///
  /// @param protocol only of this protocol
  record DeleteAll(
      Where where, Ipv6Address source, Ipv6Address destination, Optional<Protocol> protocol)
      implements Statement {}

  /// `flush`: takes away all SAs.
  ///
  /// @param protocol only of this protocol
  record Flush(Where where, Optional<Protocol> protocol) implements Statement {}

  /// `dump`: shows all SAs.
  ///
  /// @param protocol only of this protocol
  record Dump(Where where, Optional<Protocol> protocol) implements Statement {}

  /// `exit`, `quit` or `bye`: what follows is not read.
  record Exit(Where where) implements Statement {}

  /// `spdadd`: a policy, which must not be there yet.
  record SpdAdd(Where where, SetkeyPolicy policy) implements Statement {}

  /// `spdupdate`: a policy in the place of the one with the same selector, or a new one.
  record SpdUpdate(Where where, SetkeyPolicy policy) implements Statement {}

  /// `spddelete`: takes a policy away.
  record SpdDelete(Where where, PolicySelector selector) implements Statement {}

  /// `spddump`: shows all policies.
  record SpdDump(Where where) implements Statement {}

  /// `spdflush`: takes away all policies.
  record SpdFlush(Where where) implements Statement {}

  /// What is setkey's language and cannot be done.
  ///
  /// @param fault why; its message is the kernel's
  record Unsupported(Where where, Fault fault) implements Statement {}
}
