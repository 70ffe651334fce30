package espd.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whether goals are reached.
class GoalTest {

  private static Optional<Boolean> reached(Goal goal, String... lines) {
    return goal.reached(Figures.read(List.of(lines)));
  }

  private static Goal goal(String text) {
    return Goal.all().stream().filter(goal -> goal.text().equals(text)).findFirst().orElseThrow();
  }

  @Test
  void aGoalOfSoManyTimesIsReachedExactlyThereAndAbove() {
    Goal goal = goal("raw ESP: TCP, at least 3 times strongSwan");
    String other = "strongswan 1 tcp1_gbit_s 0.5";
    assertEquals(Optional.of(true), reached(goal, other, "espd 1 tcp1_gbit_s 1.5"));
    assertEquals(Optional.of(false), reached(goal, other, "espd 1 tcp1_gbit_s 1.49"));
    assertEquals(Optional.empty(), reached(goal, other));
    assertEquals(Optional.empty(), reached(goal, other, "espd 1 tcp1_gbit_s nan"));
    assertEquals(Optional.empty(), reached(goal, "espd 1 tcp1_gbit_s 9"));
  }

  @Test
  void aGoalOfLittleIsReachedBelow() {
    Goal cpu = goal("ESP in UDP: at most 10 s of CPU for 1 GB");
    assertEquals(Optional.of(true), reached(cpu, "espd-udp 1 cpu_s_gb 10"));
    assertEquals(Optional.of(false), reached(cpu, "espd-udp 1 cpu_s_gb 10.1"));
    Goal idle = goal("raw ESP: idle below 1 % of a core");
    assertEquals(Optional.of(false), reached(idle, "espd 1 idle_cpu_percent 1"));
    assertEquals(Optional.of(true), reached(idle, "espd 1 idle_cpu_percent 0.9"));
    assertEquals(Optional.empty(), reached(idle, "espd-udp 1 idle_cpu_percent 0.9"));
  }
}
