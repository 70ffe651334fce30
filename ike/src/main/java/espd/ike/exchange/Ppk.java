package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Credentials;
import espd.ike.Extension;
import espd.ike.PpkRule;
import espd.ike.eap.Identities;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Whether a postquantum preshared key goes into the keys of an IKE SA (RFC 8784 §3).
///
/// ```
/// HDR, SK {IDi, [IDr,] AUTH, SAi2, TSi, TSr,
///          N(PPK_IDENTITY, PPK_ID), [N(NO_PPK_AUTH)]}   -->
///
///                 <--  HDR, SK {IDr, AUTH, SAr2, TSi, TSr, N(PPK_IDENTITY)}   with it
///             or  <--  HDR, SK {IDr, AUTH, SAr2, TSi, TSr}                    without
/// ```
///
/// NO_PPK_AUTH is the proof as it is without a PPK, for a responder that does not have it.
sealed interface Ppk {

  /// The type of a PPK_ID that is a fixed name (RFC 8784 §5.1).
  int FIXED = 2;

  /// What the log says when the peer does without one that is required.
  String NOT_USED = "PPK required but peer didn't use PPK";

  /// The keys stay as they are.
  record Without() implements Ppk {}

  /// The key goes in.
  ///
  /// @param id its name
  /// @param key itself, which is not ours to wipe
  record With(Bytes id, KeyMaterial key) implements Ppk {

    /// {@return that the initiator wants it}
    Notify identity() {
      byte[] data = new byte[1 + id.length()];
      data[0] = FIXED;
      System.arraycopy(id.toArray(), 0, data, 1, id.length());
      return Notify.of(NotifyType.PPK_IDENTITY, Bytes.of(data));
    }

    private IkeSa mixedInto(IkeSa ikeSa) {
      return ikeSa.with(ikeSa.keys().mixedWith(key));
    }

    /// {@return the IKE SA with the key in its keys; those without it are wiped}
    IkeSa into(IkeSa ikeSa, Connection connection, Actions actions) {
      IkeSa mixed = mixedInto(ikeSa);
      ikeSa.keys().closeMixed();
      actions.progress(connection, "using PPK for PPK_ID '%s'".formatted(Identities.text(id)));
      return mixed;
    }
  }

  /// There is to be no IKE SA.
  record Refused(String why) implements Ppk {}

  /// {@return what an initiator asks for}
  static Ppk asked(Connection connection, IkeSa ikeSa, Credentials credentials) {
    Optional<PpkRule> rule = connection.proofs().ppk();
    if (rule.isEmpty()) {
      return new Without();
    }
    if (!ikeSa.has(Extension.PPK)) {
      return unless(rule.get(), "PPK required but peer does not support PPK");
    }
    for (Bytes id : rule.get().ids()) {
      Optional<KeyMaterial> key = credentials.ppk(id);
      if (key.isPresent()) {
        return new With(id, key.get());
      }
    }
    return unless(rule.get(), "PPK required but no PPK found for " + names(rule.get()));
  }

  /// Our proof, and what goes with it.
  ///
  /// @param auth the proof
  /// @param notifies PPK_IDENTITY, and NO_PPK_AUTH where the responder may do without
  record Shown(Authentication auth, List<Notify> notifies) {}

  /// What comes of the keys, once and perhaps once more.
  ///
  /// @param asked with the PPK in them, if there is one
  /// @param without the same without it, where the responder may do without
  record Twice<T>(T asked, Optional<T> without) {}

  /// {@return what comes of the keys of an IKE SA}
  default <T> Twice<T> twice(IkeSa ikeSa, Connection connection, Function<IkeSa, T> made) {
    if (!(this instanceof With with)) {
      return new Twice<>(made.apply(ikeSa), Optional.empty());
    }
    IkeSa mixed = with.mixedInto(ikeSa);
    T asked = made.apply(mixed);
    mixed.keys().closeMixed();
    return connection.proofs().ppk().orElseThrow().required()
        ? new Twice<>(asked, Optional.empty())
        : new Twice<>(asked, Optional.of(made.apply(ikeSa)));
  }

  /// {@return the initiator's proof}
  ///
  /// @param proof it, by the keys of an IKE SA
  default Shown shown(IkeSa ikeSa, Connection connection, Function<IkeSa, Authentication> proof) {
    return shown(twice(ikeSa, connection, proof));
  }

  /// {@return the initiator's proof}
  default Shown shown(Twice<Authentication> proofs) {
    List<Notify> notifies = new ArrayList<>();
    if (this instanceof With with) {
      notifies.add(with.identity());
    }
    proofs
        .without()
        .map(auth -> Notify.of(NotifyType.NO_PPK_AUTH, auth.data()))
        .ifPresent(notifies::add);
    return new Shown(proofs.asked(), notifies);
  }

  /// {@return what comes of it for the initiator}
  ///
  /// @param answer the notifications beside the responder's proof
  default Ppk granted(Connection connection, Notifies answer) {
    if (!(this instanceof With) || answer.has(NotifyType.PPK_IDENTITY)) {
      return this;
    }
    return unless(connection.proofs().ppk().orElseThrow(), NOT_USED);
  }

  /// {@return what a responder makes of the initiator's request}
  static Ppk chosen(Connection connection, IkeSa ikeSa, Notifies request, Credentials credentials) {
    Optional<PpkRule> rule = connection.proofs().ppk();
    Optional<Bytes> id = ikeSa.has(Extension.PPK) ? identity(request) : Optional.empty();
    if (rule.isEmpty()) {
      return new Without();
    }
    if (id.isEmpty()) {
      return unless(rule.get(), "PPK required but no PPK_IDENTITY received");
    }
    Optional<KeyMaterial> key = id.filter(rule.get()::permits).flatMap(credentials::ppk);
    if (key.isPresent()) {
      return new With(id.get(), key.get());
    }
    String unknown = "no PPK for '%s' found".formatted(Identities.text(id.get()));
    return request.has(NotifyType.NO_PPK_AUTH)
        ? unless(rule.get(), "PPK required but " + unknown)
        : new Refused(unknown + ", and the peer wants none without");
  }

  private static Optional<Bytes> identity(Notifies request) {
    return request
        .first(NotifyType.PPK_IDENTITY)
        .map(Notify::data)
        .filter(data -> data.length() > 1 && data.at(0) == FIXED)
        .map(data -> Bytes.of(data.toArray(), 1, data.length() - 1));
  }

  /// What a responder looks at the initiator's proof with.
  ///
  /// @param ikeSa with the keys that count
  /// @param auth the proof made with these
  /// @param notifies what the answer says of it
  record Taken(IkeSa ikeSa, Authentication auth, List<Notify> notifies) {}

  /// {@return how the initiator's proof is to be looked at}
  ///
  /// @param auth its proof
  /// @param request the notifications beside it: without a PPK the proof of NO_PPK_AUTH counts
  default Taken taken(
      IkeSa ikeSa, Connection connection, Authentication auth, Notifies request, Actions actions) {
    if (this instanceof With with) {
      List<Notify> notifies = List.of(Notify.of(NotifyType.PPK_IDENTITY));
      return new Taken(with.into(ikeSa, connection, actions), auth, notifies);
    }
    Authentication without =
        request
            .first(NotifyType.NO_PPK_AUTH)
            .map(notify -> new Authentication(auth.method(), notify.data()))
            .orElse(auth);
    return new Taken(ikeSa, without, List.of());
  }

  private static Ppk unless(PpkRule rule, String why) {
    return rule.required() ? new Refused(why) : new Without();
  }

  private static String names(PpkRule rule) {
    List<String> names = new ArrayList<>();
    rule.ids().forEach(id -> names.add("'" + Identities.text(id) + "'"));
    return names.isEmpty() ? "want of ppk_id" : String.join(", ", names);
  }
}
