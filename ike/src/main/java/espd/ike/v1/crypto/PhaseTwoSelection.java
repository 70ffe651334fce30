package espd.ike.v1.crypto;

import espd.ike.crypto.ChildSuite;
import espd.ike.message.Bytes;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.SecurityAssociation;
import java.util.List;

/// What came of comparing offers of phase 2 (RFC 2409 §5.5).
public sealed interface PhaseTwoSelection {

  /// One goes with ours.
  ///
  /// @param suite the algorithms, and the group of quick mode's own key exchange if it has one
  /// @param lifetimes what the peer said of the SAs' life
  /// @param proposal the peer's, with the chosen transform alone
  record Chosen(ChildSuite suite, Lifetimes lifetimes, IsakmpProposal proposal)
      implements PhaseTwoSelection {

    /// {@return the SPI that the peer receives with}
    public int peerSpi() {
      return proposal.spi().toInt();
    }

    /// {@return the SA payload that says so}
    ///
    /// @param spi that we receive with
    public SecurityAssociation answer(int spi) {
      IsakmpProposal ours = proposal.with(Bytes.ofInt(spi), proposal.transforms().getFirst());
      return SecurityAssociation.of(List.of(ours));
    }
  }

  /// None goes with ours.
  ///
  /// @param notification what answers it: one of [espd.ike.v1.message.NotificationType]
  /// @param difference what was offered, what is allowed and where they differ, as text
  record Mismatch(int notification, String difference) implements PhaseTwoSelection {}
}
