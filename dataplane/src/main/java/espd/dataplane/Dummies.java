package espd.dataplane;

import espd.dataplane.esp.EspTrailer;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Sad;
import espd.tun.packet.PacketBatch;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Dummy packets among the others (RFC 4303 §2.6), for SAs that ask for them: at random times with
/// the rate as their mean, of random lengths. Only the newest SA of a policy sends them.
///
/// Only the outbound reader's thread uses it.
final class Dummies {

  private static final double MILLIS = TimeUnit.SECONDS.toMillis(1);

  private static final class Sender {
    final OutboundSa sa;
    double dueMillis;

    Sender(OutboundSa sa, double dueMillis) {
      this.sa = sa;
      this.dueMillis = dueMillis;
    }
  }

  /// Draws what an observer sees, times and lengths: nothing he sees may tell what comes next.
  private final SecureRandom random = new SecureRandom();

  /// Fills what is encrypted anyway.
  private final RandomGenerator filler = new SplittableRandom(random.nextLong());

  private final List<Sender> senders = new ArrayList<>();
  private @Nullable Sad followed;

  /// Looks which SAs send dummies; costs nothing while `sad` is the same one.
  void follow(Sad sad, long nowMillis) {
    if (followed == sad) {
      return;
    }
    followed = sad;
    senders.clear();
    if (!sad.sendsDummies()) {
      return;
    }
    Set<Integer> reqids = new HashSet<>();
    for (Sa sa : sad.all()) {
      SaParameters parameters = sa.parameters();
      if (sa instanceof OutboundSa out
          && reqids.add(parameters.reqid())
          && parameters.outerTraffic().dummiesPerSecond() > 0) {
        senders.add(new Sender(out, nowMillis + pauseMillis(out)));
      }
    }
  }

  private double pauseMillis(OutboundSa sa) {
    return random.nextExponential() * MILLIS / sa.parameters().outerTraffic().dummiesPerSecond();
  }

  boolean isEmpty() {
    return senders.isEmpty();
  }

  /// {@return how long until one is due, at most `mostMillis`, at least 1}
  int waitMillis(long nowMillis, int mostMillis) {
    double wait = mostMillis;
    for (int k = 0; k < senders.size(); k++) {
      Sender sender = senders.get(k);
      wait = sender.sa.isSpent() ? wait : Math.min(wait, sender.dueMillis - nowMillis);
    }
    return (int) Math.max(1, Math.ceil(wait));
  }

  /// Adds those that are due and find room.
  ///
  /// @param pathMtuOctets the longest packet that any path takes
  void addTo(Slot slot, long nowMillis, int pathMtuOctets) {
    for (int k = 0; k < senders.size(); k++) {
      Sender sender = senders.get(k);
      int path = Math.min(pathMtuOctets, sender.sa.pathMtu());
      // What a pause of the host kept back is not made up for.
      sender.dueMillis = Math.max(sender.dueMillis, nowMillis - MILLIS);
      while (sender.dueMillis <= nowMillis && isAdded(slot, sender.sa, path)) {
        sender.dueMillis += pauseMillis(sender.sa);
      }
    }
  }

  private boolean isAdded(Slot slot, OutboundSa sa, int pathMtuOctets) {
    if (sa.isSpent()) {
      return false;
    }
    int octets = octets(sa.parameters(), pathMtuOctets);
    int i = slot.batch.add(octets);
    if (i == PacketBatch.FULL) {
      return false;
    }
    long number = sa.nextSequence();
    if (number == OutboundSa.EXHAUSTED) {
      slot.batch.drop(i);
      return false;
    }
    TrafficFlow.dummy(slot.batch.memory(), slot.batch.offset(i), octets, filler);
    slot.sa[i] = sa;
    slot.number[i] = number;
    slot.tunnelled[i] = EspTrailer.NO_NEXT_HEADER;
    slot.tfcOctets[i] = 0;
    slot.batch.localPort[i] = 0;
    slot.batch.remotePort[i] = 0;
    return true;
  }

  /// Of any length, but padded as a packet of its SA would be, so that it passes for one.
  private int octets(SaParameters sa, int pathMtuOctets) {
    int espOctets = Encapsulation.espOctets(sa, pathMtuOctets);
    int octets = TrafficFlow.dummyOctets(sa.suite(), espOctets, random);
    int wanted = sa.mode() == Mode.TUNNEL ? sa.outerTraffic().padToOctets() : 0;
    return octets + TrafficFlow.padOctets(sa.suite(), octets, wanted, espOctets);
  }
}
