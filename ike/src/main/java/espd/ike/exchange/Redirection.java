package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Extension;
import espd.ike.message.Bytes;
import espd.ike.message.Gateway;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Reader;
import java.util.List;
import java.util.Optional;

/// Responders that send their clients to other gateways (RFC 5685): in the answer to IKE_SA_INIT
/// (§3) or IKE_AUTH (§6), or at any time (§5).
final class Redirection {

  private Redirection() {}

  /// Where a responder sends us.
  ///
  /// @param gateway that we are to go to
  /// @param nonce ours, in an answer to IKE_SA_INIT, which nothing else proves; else nothing
  record Order(Gateway gateway, Bytes nonce) {}

  // --- we are the client -------------------------------------------------------------------------

  /// {@return where a message sends us, if it does and we go}
  static Optional<Order> in(Notifies notifies, Connection connection, Actions actions) {
    Optional<Notify> redirect = notifies.first(NotifyType.REDIRECT);
    if (redirect.isEmpty()) {
      return Optional.empty();
    }
    if (!connection.options().extensions().contains(Extension.REDIRECT)) {
      actions.warning(connection, "server sent REDIRECT even though we disabled it");
      return Optional.empty();
    }
    Reader data = new Reader(redirect.get().data().toArray());
    try {
      return Optional.of(new Order(Gateway.read(data), data.rest()));
    } catch (MalformedException e) {
      actions.warning(connection, "received invalid REDIRECT notify: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// {@return where we go}
  ///
  /// @param path to who sends us
  static Optional<Redirected> followed(
      Order order, Connection connection, Path path, Actions actions) {
    actions.progress(connection, "redirected to " + order.gateway());
    return order.gateway().ipv6().map(gateway -> new Redirected(gateway, path.remote()));
  }

  /// {@return why we do not go where we cannot: names are not looked up, and IKE is spoken over
  /// IPv6}
  static String unreachable(Order order) {
    return "unable to resolve gateway ID '%s', redirect failed: it is no IPv6 address"
        .formatted(order.gateway());
  }

  /// {@return the IKE SA, which lasts until there is another with the gateway that a message sends
  /// us to (RFC 5685 §5)}
  static Established asked(Established s, Notifies notifies, Actions actions) {
    if (notifies.has(NotifyType.REDIRECT) && !s.peer().called()) {
      actions.warning(s.connection(), "received REDIRECT notify of a client, ignored");
      return s;
    }
    Optional<Order> order = in(notifies, s.connection(), actions);
    if (order.isEmpty()) {
      return s;
    }
    Optional<Redirected> redirected =
        followed(order.get(), s.connection(), s.ikeSa().path(), actions);
    if (redirected.isEmpty()) {
      actions.warning(s.connection(), unreachable(order.get()));
      return s;
    }
    actions.add(new Action.Reauthenticate(Lifecycle.protecting(s), redirected));
    return s;
  }

  /// {@return REDIRECTED_FROM, where we come from another (RFC 5685 §3)}
  static Optional<Notify> from(Optional<Redirected> redirected) {
    return redirected.map(
        each -> Notify.of(NotifyType.REDIRECTED_FROM, Gateway.of(each.from()).data()));
  }

  // --- we are the gateway ------------------------------------------------------------------------

  /// Says where a client comes from.
  static void arrived(Notifies notifies, Connection connection, Actions actions) {
    Optional<Notify> from = notifies.first(NotifyType.REDIRECTED_FROM);
    if (from.isEmpty()) {
      return;
    }
    try {
      Gateway gateway = Gateway.read(new Reader(from.get().data().toArray()));
      actions.progress(connection, "client got redirected from " + gateway);
    } catch (MalformedException e) {
      actions.progress(connection, "received invalid REDIRECTED_FROM notify, ignored");
    }
  }

  /// `HDR, SK {N(REDIRECT, New_GW_ID)} -->`
  static List<Payload> order(Established s, Gateway gateway, Actions actions) {
    actions.progress(s.connection(), "redirecting peer to " + gateway);
    return List.of(Notify.of(NotifyType.REDIRECT, gateway.data()));
  }

  /// {@return the IKE SA, whose client is to be sent to another gateway if it knows how to go}
  static Established wanted(Established s, Gateway gateway, Actions actions) {
    if (s.peer().called()) {
      actions.warning(s.connection(), "unable to redirect IKE_SA as initiator");
      return s;
    }
    if (!s.ikeSa().has(Extension.REDIRECT)) {
      actions.warning(s.connection(), "client does not support IKE redirection");
      return s;
    }
    return Lifecycle.queuedOnce(s, new Task.Redirect(actions.now(), gateway));
  }
}
