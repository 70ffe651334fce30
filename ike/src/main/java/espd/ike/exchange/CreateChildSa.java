package espd.ike.exchange;

import espd.ike.message.Bytes;
import espd.ike.message.Configuration;
import espd.ike.message.KeyExchange;
import espd.ike.message.MalformedException;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The exchange of further and of replaced SAs (RFC 7296 §1.3).
///
/// ```
/// further Child SA  HDR, SK {            [N(USE_TRANSPORT_MODE),] SA, Ni, [KEi,] TSi, TSr} -->
/// Child SA rekeyed  HDR, SK {N(REKEY_SA),[N(USE_TRANSPORT_MODE),] SA, Ni, [KEi,] TSi, TSr} -->
///                   <--  HDR, SK {[N(USE_TRANSPORT_MODE),] SA, Nr, [KEr,] TSi, TSr}
///
/// IKE SA rekeyed    HDR, SK {SA, Ni, KEi}  -->
///                   <--  HDR, SK {SA, Nr, KEr}
///
///               or  <--  HDR, SK {N(error)}
/// ```
final class CreateChildSa {

  private CreateChildSa() {}

  /// The request.
  sealed interface Request {

    /// {@return the initiator's nonce}
    Nonce ni();

    /// {@return the request in these decrypted payloads}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Request from(List<Payload> payloads) throws MalformedException {
      Contents in = new Contents("CREATE_CHILD_SA request", payloads);
      SecurityAssociation sa = in.required(SecurityAssociation.class);
      Nonce ni = in.required(Nonce.class);
      if (sa.proposals().stream().anyMatch(proposal -> proposal.protocol() == Proposal.IKE)) {
        return new Ike(sa.proposals(), ni, in.required(KeyExchange.class));
      }
      Optional<Notify> rekeySa = in.notifies().first(NotifyType.REKEY_SA);
      if (rekeySa.isPresent() && rekeySa.get().spi().length() != 4) {
        throw new MalformedException("REKEY_SA without an SPI of 4 octets");
      }
      return new Child(
          rekeySa.map(Notify::spi),
          ChildProposal.in(in).orElseThrow(),
          in.optional(Configuration.class),
          ni,
          in.optional(KeyExchange.class));
    }
  }

  /// A further Child SA, or the successor of one.
  ///
  /// @param replaced the SPI the initiator receives with in the Child SA that is rekeyed
  /// @param offer the Child SA
  /// @param configuration what else the initiator asks for
  /// @param ni the initiator's nonce
  /// @param kei its public value, with PFS
  record Child(
      Optional<Bytes> replaced,
      ChildProposal offer,
      Optional<Configuration> configuration,
      Nonce ni,
      Optional<KeyExchange> kei)
      implements Request {}

  /// The successor of this IKE SA.
  ///
  /// @param proposals with the initiator's new SPI
  /// @param ni the initiator's nonce
  /// @param kei its public value
  record Ike(List<Proposal> proposals, Nonce ni, KeyExchange kei) implements Request {}

  /// The answer.
  sealed interface Response {

    /// {@return the answer in these decrypted payloads}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Response from(List<Payload> payloads) throws MalformedException {
      Contents in = new Contents("CREATE_CHILD_SA response", payloads);
      Optional<Notify> error = in.notifies().error();
      if (error.isPresent()) {
        return new Refused(error.get());
      }
      List<Proposal> chosen = in.required(SecurityAssociation.class).proposals();
      if (chosen.size() != 1) {
        throw new MalformedException("CREATE_CHILD_SA response chooses " + chosen.size());
      }
      Nonce nr = in.required(Nonce.class);
      return chosen.getFirst().protocol() == Proposal.IKE
          ? new IkeCreated(
              chosen.getFirst(), nr, in.required(KeyExchange.class), IkeFollowupKe.link(in))
          : new ChildCreated(
              ChildProposal.in(in).orElseThrow(),
              nr,
              in.optional(KeyExchange.class),
              IkeFollowupKe.link(in));
    }
  }

  /// A Child SA; with a link after further key exchanges only (RFC 9370 §2.2.4).
  record ChildCreated(
      ChildProposal chosen, Nonce nr, Optional<KeyExchange> ker, Optional<Bytes> link)
      implements Response {}

  /// An IKE SA; with a link after further key exchanges only (RFC 9370 §2.2.4).
  record IkeCreated(Proposal chosen, Nonce nr, KeyExchange ker, Optional<Bytes> link)
      implements Response {}

  /// Neither.
  record Refused(Notify error) implements Response {}

  /// {@return the payloads that ask for a Child SA, or grant one}
  ///
  /// @param replaced the SPI we receive with in the Child SA that is rekeyed
  /// @param child the Child SA
  /// @param nonce Ni or Nr
  /// @param ke the public value, with PFS
  static List<Payload> child(
      Optional<Integer> replaced, ChildProposal child, Bytes nonce, Optional<KeyExchange> ke) {
    List<Payload> between = new ArrayList<>();
    between.add(new Nonce(nonce));
    ke.ifPresent(between::add);
    List<Payload> payloads = new ArrayList<>();
    replaced.ifPresent(spi -> payloads.add(Notify.ofEsp(NotifyType.REKEY_SA, spi)));
    payloads.addAll(child.payloads(between));
    return payloads;
  }

  /// {@return the payloads that ask for an IKE SA, or grant one}
  static List<Payload> ike(List<Proposal> proposals, Bytes nonce, KeyExchange ke) {
    return List.of(new SecurityAssociation(proposals), new Nonce(nonce), ke);
  }
}
