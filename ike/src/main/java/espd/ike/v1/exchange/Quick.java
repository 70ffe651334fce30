package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.message.Bytes;
import espd.ike.v1.crypto.IpcompOffers;
import espd.ike.v1.crypto.Iv;
import espd.ike.v1.crypto.PhaseTwoSelection;
import espd.ike.v1.crypto.PhaseTwoTerms;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.Ipcomp;
import espd.spd.OriginalAddresses;
import espd.spd.Selector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One quick mode (RFC 2409 §5.5), of which several go on at a time, told apart by their message
/// ids.
///
/// ```
///   initiator                                            responder
///   Preparing    its key pair is being made, with PFS
///                HDR*, HASH(1), SA, Ni [, KE] [, IDci, IDcr]  -->
///   Requested                                            Answering   the shared secret, with PFS
///                    <--  HDR*, HASH(2), SA, Nr [, KE] [, IDci, IDcr]
///   Agreeing     the shared secret, with PFS             Answered    receives
///                HDR*, HASH(3)  -->
///   Done         receives and sends                      (over)      sends too
/// ```
sealed interface Quick {

  /// {@return the message id}
  int id();

  /// {@return when something is due}
  default Optional<Instant> wakeAt() {
    return Optional.empty();
  }

  // --- initiator ---------------------------------------------------------------------------------

  /// What is wanted of a quick mode.
  ///
  /// @param id its message id
  /// @param serial the n of `NAME{n}`
  /// @param wish that it is for
  /// @param connection the wish's, as it stands towards this peer
  /// @param selector the packets
  /// @param replaced the inbound SPI of the IPsec SA whose successor it makes
  /// @param terms what we allow
  record Want(
      int id,
      int serial,
      ChildWish wish,
      Connection connection,
      Selector selector,
      Optional<Integer> replaced,
      PhaseTwoTerms terms) {}

  /// What we ask for.
  ///
  /// @param want why
  /// @param spi that we receive with
  /// @param ni our nonce
  /// @param ids IDci and IDcr
  /// @param key our key pair, with PFS
  record Offer(
      Want want, int spi, Bytes ni, List<Identification> ids, Optional<EphemeralKeyPair> key) {}

  /// The key pair is being made.
  record Preparing(Want want) implements Quick {
    @Override
    public int id() {
      return want.id();
    }
  }

  /// `HDR*, HASH(1), SA, Ni [, KE] [, IDci, IDcr] -->`
  ///
  /// @param iv of the answer
  /// @param since when it first went out
  record Requested(Offer offer, Iv iv, Sent sent, Instant since) implements Quick {
    @Override
    public int id() {
      return offer.want().id();
    }

    @Override
    public Optional<Instant> wakeAt() {
      return Optional.of(sent.againAt());
    }
  }

  /// What the responder has answered.
  ///
  /// @param chosen of our offer
  /// @param ipcomp under which CPI it takes compressed packets, where both do
  /// @param originals what NATs in transport mode have made other addresses of
  /// @param nr its nonce
  /// @param claimed lifetimes that it says are shorter than ours
  /// @param iv of our next message
  /// @param taken its message, to tell it again
  record Answer(
      PhaseTwoSelection.Chosen chosen,
      Optional<Ipcomp> ipcomp,
      Optional<OriginalAddresses> originals,
      Bytes nr,
      Optional<Lifetimes> claimed,
      Iv iv,
      Taken taken) {}

  /// The shared secret is being made.
  record Agreeing(Offer offer, Answer answer) implements Quick {
    @Override
    public int id() {
      return offer.want().id();
    }
  }

  /// `HDR*, HASH(3) -->`: it is remembered for a while, for a responder that asks for it again.
  ///
  /// @param taken the responder's message, and ours
  record Done(int id, Taken taken, Instant until) implements Quick {
    @Override
    public Optional<Instant> wakeAt() {
      return Optional.of(until);
    }
  }

  // --- responder ---------------------------------------------------------------------------------

  /// What we grant.
  ///
  /// @param connection that the peer means
  /// @param selector the packets
  /// @param chosen of the peer's offer
  /// @param offers the peer's offer of compression, for the answer
  /// @param spi that we receive with
  record Grant(
      Connection connection,
      Selector selector,
      PhaseTwoSelection.Chosen chosen,
      IpcompOffers offers,
      int spi) {

    /// {@return under which CPI the peer takes compressed packets, where both do}
    Optional<Ipcomp> ipcomp() {
      return offers.peers(chosen.proposal().number());
    }

    /// {@return the SA payload that says what we grant}
    SecurityAssociation answer() {
      return offers.answer(chosen.answer(spi), Ipcomp.chosenFor(spi));
    }
  }

  /// What the peer asks for.
  ///
  /// @param id the message id
  /// @param serial the n of `NAME{n}`
  /// @param ni its nonce
  /// @param ids IDci and IDcr, or nothing
  /// @param originals what NATs in transport mode have made other addresses of
  /// @param iv of our answer
  /// @param taken its message, to tell it again
  record Asked(
      int id,
      int serial,
      Bytes ni,
      List<Identification> ids,
      Optional<OriginalAddresses> originals,
      Iv iv,
      Taken taken) {}

  /// The shared secret is being made.
  record Answering(Asked asked, Grant grant) implements Quick {
    @Override
    public int id() {
      return asked.id();
    }
  }

  /// `<-- HDR*, HASH(2), SA, Nr [, KE] [, IDci, IDcr]`: the inbound SA is in the SAD.
  ///
  /// @param nr our nonce
  /// @param child both SAs
  /// @param iv of the peer's next message
  /// @param taken its message, and our answer
  /// @param sent our answer
  record Answered(Asked asked, Bytes nr, ChildSa child, Iv iv, Taken taken, Sent sent)
      implements Quick {
    @Override
    public int id() {
      return asked.id();
    }

    @Override
    public Optional<Instant> wakeAt() {
      return Optional.of(sent.againAt());
    }
  }
}
