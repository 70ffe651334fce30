package espd.ike.eap;

import espd.ike.EapType;
import espd.ike.pki.Inquiry;
import java.util.List;
import java.util.Optional;

/// One side of one method of EAP. For one thread at a time.
public interface EapMethod extends AutoCloseable {

  /// {@return which method}
  EapType type();

  /// {@return what there is to say to people of a conversation that has succeeded}
  default List<String> lines() {
    return List.of();
  }

  /// {@return what is to be asked about a conversation that has succeeded, before it counts}
  default Optional<Inquiry> inquiry() {
    return Optional.empty();
  }

  /// Wipes what it knows.
  @Override
  void close();
}
