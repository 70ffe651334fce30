package espd.ike.exchange;

import espd.ike.message.Header;
import espd.ike.message.Proposal;

/// The peer's request whose shared secret is being made; its duplicates are ignored meanwhile.
public sealed interface Answering {

  /// {@return the request's header}
  Header header();

  /// A Child SA with PFS.
  ///
  /// @param header of the request
  /// @param request the request
  /// @param choice what we grant
  record Child(Header header, CreateChildSa.Child request, ChildChoice choice)
      implements Answering {}

  /// An IKE SA.
  ///
  /// @param header of the request
  /// @param request the request
  /// @param chosen the proposal we choose, as it is to be answered
  record Ike(Header header, CreateChildSa.Ike request, Proposal chosen) implements Answering {}
}
