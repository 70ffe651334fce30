package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MultiMapTest {

  private final MultiMap<String> spis = new MultiMap<>();

  @Test
  void severalHaveAKeyInTheOrderTheyCame() {
    spis.add("a", 3);
    spis.add("a", 1);
    spis.add("b", 2);
    assertEquals(List.of(3L, 1L), List.copyOf(spis.get("a")));
    assertEquals(3, spis.size());
  }

  @Test
  void whatWentInTwiceComesOutTwice() {
    spis.add("a", 1);
    spis.add("a", 1);
    spis.remove("a", 1);
    assertEquals(Set.of(1L), spis.get("a"));
    spis.remove("a", 1);
    assertEquals(Set.of(), spis.get("a"));
    assertEquals(0, spis.size());
  }
}
