package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.Happenings.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HappeningsTest {

  private final Happenings happenings = new Happenings();

  private static Happening line(int number) {
    return new Happening.Line(
        Snapshots.NOW,
        Happening.Group.IKE,
        Happening.Level.STEP,
        "p1-p2",
        OptionalInt.of(1),
        "line " + number);
  }

  private void tell(int from, int to) {
    for (int i = from; i < to; i++) {
      happenings.tell(line(i));
    }
  }

  @Test
  void tellsEveryoneEverythingInOrder() throws InterruptedException {
    try (Subscription one = happenings.subscribe(8);
        Subscription two = happenings.subscribe(8)) {
      tell(0, 2);
      assertEquals(List.of(line(0), line(1)), one.waiting());
      assertEquals(Optional.of(line(0)), two.next(0));
      assertEquals(Optional.of(line(1)), two.next(0));
      assertEquals(Optional.empty(), two.next(0));
      assertEquals(0, two.lost());
    }
  }

  @Test
  void aSubscriberThatDoesNotReadLosesTheOldestAndIsToldHowMany() throws InterruptedException {
    try (Subscription slow = happenings.subscribe(4);
        Subscription other = happenings.subscribe(100)) {
      tell(0, 10);
      assertEquals(List.of(line(6), line(7), line(8), line(9)), slow.waiting());
      assertEquals(6, slow.lost());
      assertEquals(0, slow.lost());
      assertEquals(Optional.of(line(6)), slow.next(0));
      assertEquals(10, other.waiting().size());
    }
  }

  @Test
  void wakesWhoWaits() throws InterruptedException {
    try (Subscription subscription = happenings.subscribe(4)) {
      List<Optional<Happening>> taken = new ArrayList<>();
      Thread waits =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      taken.add(subscription.next(10_000));
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      tell(0, 1);
      waits.join();
      assertEquals(List.of(Optional.of(line(0))), taken);
    }
  }

  @Test
  void isHeardWhileSomebodyHasSubscribed() {
    assertFalse(happenings.areHeard());
    Subscription subscription = happenings.subscribe(1);
    assertTrue(happenings.areHeard());
    subscription.close();
    assertFalse(happenings.areHeard());
    tell(0, 1);
    assertEquals(List.of(), subscription.waiting());
  }
}
