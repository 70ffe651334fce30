package espd.dataplane.esp;

import espd.spd.Direction;
import espd.spd.Sa;
import espd.spd.Sad;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/// The ciphers of one worker thread, one for each SA it has met: a cipher's context belongs to one
/// SA and one thread. Those of SAs that left the SAD go when the next batch comes.
public final class EspContexts implements AutoCloseable {

  private final EspEngine engine;
  private final IdentityHashMap<Sa, EspCipher> ciphers = new IdentityHashMap<>();
  private @Nullable Sad followed;

  /// @param engine makes the ciphers
  public EspContexts(EspEngine engine) {
    this.engine = engine;
  }

  /// Forgets the ciphers of SAs that are not in `sad`; costs nothing while it is the same one.
  public void follow(Sad sad) {
    if (followed == sad) {
      return;
    }
    followed = sad;
    ciphers
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !sad.contains(entry.getKey());
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
  }

  /// {@return the cipher of this SA, or null when the engine has not its suite, or its keys are
  /// wiped already: it left the SAD while the packet was on its way}
  public @Nullable EspCipher of(Sa sa) {
    EspCipher cipher = ciphers.get(sa);
    return cipher != null ? cipher : make(sa);
  }

  private @Nullable EspCipher make(Sa sa) {
    if (!engine.supports(sa.parameters().suite())) {
      return null;
    }
    try {
      EspCipher cipher =
          sa.direction() == Direction.OUTBOUND
              ? engine.sealing(sa.parameters())
              : engine.opening(sa.parameters());
      ciphers.put(sa, cipher);
      return cipher;
    } catch (IllegalStateException e) {
      return null;
    }
  }

  /// {@return how many ciphers there are}
  public int size() {
    return ciphers.size();
  }

  @Override
  public void close() {
    ciphers.values().forEach(EspCipher::close);
    ciphers.clear();
  }
}
