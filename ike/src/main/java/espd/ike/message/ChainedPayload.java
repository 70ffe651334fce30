package espd.ike.message;

/// One payload as its chain sees it ([PayloadChain]), of either version of IKE.
public interface ChainedPayload {

  /// {@return the payload's type, 1 to 255}
  int payloadType();

  /// Writes what follows the generic header.
  void writeBody(Writer out);

  /// {@return the payload's short name for logs, as strongSwan prints it: `SA`, `KE`,
  /// `N(NATD_S_IP)`}
  String label();

  /// {@return the second octet of its generic header: the critical bit of IKEv2}
  default int flags() {
    return 0;
  }

  /// {@return whether it is the last one whatever its generic header announces}
  default boolean endsChain() {
    return false;
  }

  /// {@return the type that its generic header announces}
  ///
  /// @param following the type of the payload behind it, 0 for none
  default int nextType(int following) {
    return following;
  }
}
