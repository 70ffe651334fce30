package espd.ike.eap;

import espd.ike.message.Bytes;

/// One end of a conversation by EAP: from the other end's packet to ours. It takes as long as its
/// method does, up to many milliseconds; any thread may, one at a time.
public sealed interface EapEnd extends AutoCloseable permits EapPeer, EapServer {

  /// More packets than this nobody needs: the largest chain of certificates we take has gone over.
  int MAX_ROUNDS = 80;

  /// {@return what `packet` leads to; after another turn than [EapTurn.Next] nothing more may come}
  ///
  /// @param packet from the other end, not looked at yet
  EapTurn received(Bytes packet);

  /// Wipes what it knows.
  @Override
  void close();
}
