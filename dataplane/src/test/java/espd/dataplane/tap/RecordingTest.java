package espd.dataplane.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.spd.Direction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordingTest {

  private static final Wish ALL = new Wish(Optional.empty(), EnumSet.allOf(Side.class), Wish.WHOLE);

  private static void pass(Recording recording, Side side, Direction direction, int spi) {
    RecordRing ring = Objects.requireNonNull(recording.ring(side, direction));
    ring.claim(100);
    ring.publish(spi);
  }

  @Test
  void givesThePacketsOfAllRingsInTheOrderOfTime() throws InterruptedException {
    Recording recording = new Recording(ALL, () -> {});
    pass(recording, Side.INNER, Direction.OUTBOUND, 1);
    pass(recording, Side.OUTER, Direction.OUTBOUND, 2);
    pass(recording, Side.OUTER, Direction.INBOUND, 3);
    pass(recording, Side.INNER, Direction.INBOUND, 4);
    pass(recording, Side.INNER, Direction.OUTBOUND, 5);
    Thread.sleep(20);
    List<String> seen = new ArrayList<>();
    while (recording.take(
        (side, direction, packet) -> seen.add(side + " " + direction + " " + packet.spi()))) {
      assertEquals(0, recording.dropped(Side.INNER));
    }
    assertEquals(
        List.of(
            "INNER OUTBOUND 1",
            "OUTER OUTBOUND 2",
            "OUTER INBOUND 3",
            "INNER INBOUND 4",
            "INNER OUTBOUND 5"),
        seen);
  }

  @Test
  void makesRoomOnlyForTheSideThatIsWanted() {
    Recording recording =
        new Recording(new Wish(Optional.empty(), Set.of(Side.OUTER), 64), () -> {});
    assertNull(recording.ring(Side.INNER, Direction.INBOUND));
    pass(recording, Side.OUTER, Direction.INBOUND, 1);
  }

  @Test
  void refusesAWishForNothing() {
    assertThrows(
        IllegalArgumentException.class, () -> new Wish(Optional.empty(), Set.of(), Wish.WHOLE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Wish(Optional.empty(), Set.of(Side.INNER), Wish.LEAST_SNAP - 1));
  }
}
