package espd.ike.exchange;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Proposal;

/// The peer's request whose shared secret is being made; its duplicates are ignored meanwhile.
public sealed interface Answering {

  /// {@return the request's header}
  Header header();

  /// A CREATE_CHILD_SA request.
  sealed interface Creating extends Answering {

    /// {@return the initiator's nonce}
    Bytes ni();
  }

  /// A Child SA with PFS.
  ///
  /// @param header of the request
  /// @param request the request
  /// @param choice what we grant
  record Child(Header header, CreateChildSa.Child request, ChildChoice choice) implements Creating {
    @Override
    public Bytes ni() {
      return request.ni().data();
    }
  }

  /// An IKE SA.
  ///
  /// @param header of the request
  /// @param request the request
  /// @param chosen the proposal we choose, as it is to be answered
  record Ike(Header header, CreateChildSa.Ike request, Proposal chosen) implements Creating {
    @Override
    public Bytes ni() {
      return request.ni().data();
    }
  }

  /// An additional key exchange of the SA that is awaited (RFC 9370 §2.2.4).
  ///
  /// @param header of the request
  record Followup(Header header) implements Answering {}
}
