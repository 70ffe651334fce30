package espd.ike;

import espd.ike.message.NotifyType;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/// An extension of IKEv2 that is used only when the ends have announced it to each other, in
/// IKE_SA_INIT unless said otherwise.
public enum Extension {
  /// Messages in fragments (RFC 7383 §2.3).
  FRAGMENTATION(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED),
  /// Exchanges between IKE_SA_INIT and IKE_AUTH (RFC 9242 §3.1).
  INTERMEDIATE(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED),
  /// A preshared key that keeps the IKE SA's secrets from quantum computers (RFC 8784 §3).
  PPK(NotifyType.USE_PPK),
  /// An initiator that can be sent to another responder; responders do not announce it (RFC 5685
  /// §3).
  REDIRECT(NotifyType.REDIRECT_SUPPORTED),
  /// A responder that makes IKE SAs without a Child SA; initiators do not announce it (RFC 6023
  /// §3).
  CHILDLESS(NotifyType.CHILDLESS_IKEV2_SUPPORTED),
  /// Ends that move to other addresses; announced in IKE_AUTH, with the first Child SA (RFC 4555
  /// §3.1).
  MOBIKE(NotifyType.MOBIKE_SUPPORTED),
  /// IKE SAs that are resumed by a ticket (RFC 5723): an initiator asks for one in IKE_AUTH, and a
  /// responder gives it.
  RESUMPTION(NotifyType.TICKET_REQUEST);

  private final int notifyType;

  Extension(int notifyType) {
    this.notifyType = notifyType;
  }

  /// {@return the type of the notification that announces it (RFC 7296 §3.10.1)}
  public int notifyType() {
    return notifyType;
  }

  /// {@return whether it is announced in IKE_SA_INIT}
  public boolean isOfIkeSaInit() {
    return this != MOBIKE && this != RESUMPTION;
  }

  /// {@return the extensions that these notifications announce}
  ///
  /// @param notifyTypes the types of a message's notifications
  public static Set<Extension> announced(Stream<Integer> notifyTypes) {
    Collection<Integer> types = notifyTypes.toList();
    EnumSet<Extension> announced = EnumSet.noneOf(Extension.class);
    Arrays.stream(values()).filter(e -> types.contains(e.notifyType)).forEach(announced::add);
    return announced;
  }
}
