package espd.daemon.pluto;

import espd.ike.driver.SaChange;
import espd.ike.driver.SaListener;
import espd.ike.driver.SaStage;
import espd.ike.exchange.IsakmpStage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The numbers of pluto's states, as `#1`: they count up since the start of the daemon over IKE SAs
/// and Child SAs alike. For any thread.
public final class Serials implements SaListener {

  /// More are not remembered: peers begin what they never end.
  private static final int MOST = 10_000;

  private final Map<Key, Numbered> numbers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Numbered> eldest) {
          return size() > MOST;
        }
      };

  private int last;

  private record Key(boolean child, int serial) {}

  private record Numbered(int number, Optional<IsakmpStage> stage) {}

  /// Nothing has a number yet.
  public Serials() {}

  /// {@return the number of an IKE SA, a new one where it has none}
  ///
  /// @param serial the n of `NAME[n]`
  public synchronized int ofIkeSa(int serial) {
    return number(new Key(false, serial)).number();
  }

  /// {@return the number of a Child SA, a new one where it has none}
  ///
  /// @param serial the n of `NAME{n}`
  public synchronized int ofChildSa(int serial) {
    return number(new Key(true, serial)).number();
  }

  /// {@return the number that the next SA gets}
  synchronized int next() {
    return last + 1;
  }

  /// {@return the number of what a negotiation of IKEv1 is about}
  ///
  /// @param serial of an IKE SA in phase 1, of a Child SA in quick mode
  int of(IsakmpStage stage, int serial) {
    return StageText.isQuickMode(stage) ? ofChildSa(serial) : ofIkeSa(serial);
  }

  /// {@return how far the negotiation of an IKE SA has come, where it is one of IKEv1}
  synchronized Optional<IsakmpStage> stageOfIkeSa(int serial) {
    return number(new Key(false, serial)).stage();
  }

  /// {@return how far the negotiation of a Child SA has come, where it is one of IKEv1}
  synchronized Optional<IsakmpStage> stageOfChildSa(int serial) {
    return number(new Key(true, serial)).stage();
  }

  private Numbered number(Key key) {
    return numbers.computeIfAbsent(key, _ -> new Numbered(++last, Optional.empty()));
  }

  @Override
  public synchronized void reached(SaStage reached) {
    Key key = new Key(StageText.isQuickMode(reached.stage()), reached.serial());
    numbers.put(key, new Numbered(number(key).number(), Optional.of(reached.stage())));
  }

  @Override
  public synchronized void changed(SaChange change) {
    switch (change) {
      case SaChange.IkeSaUp(var sa) -> ofIkeSa(sa.serial());
      case SaChange.IkeSaRekeyed(var old, var successor) -> ofIkeSa(successor.serial());
      case SaChange.ChildSaUp(var sa, var child) -> ofChildSa(child.serial());
      case SaChange.ChildSaRekeyed(var sa, var old, var successor) -> ofChildSa(successor.serial());
      case SaChange.IkeSaDown(var sa) -> numbers.remove(new Key(false, sa.serial()));
      case SaChange.ChildSaDown(var sa, var child) -> numbers.remove(new Key(true, child.serial()));
    }
  }
}
