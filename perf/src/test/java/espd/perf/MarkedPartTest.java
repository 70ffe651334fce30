package espd.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The part of a document that a program writes.
class MarkedPartTest {

  private static final MarkedPart PART = new MarkedPart("x");

  @Test
  void replacesWhatStandsBetweenTheMarksAndNothingElse() {
    assertEquals(
        "a\n<!-- x -->\n\nnew $1\n\n<!-- /x -->\nb\n",
        PART.in("a\n<!-- x -->\nold\nolder\n<!-- /x -->\nb\n", "new $1\n"));
  }

  @Test
  void writingTwiceIsWritingOnce() {
    String once = PART.in("<!-- x -->\n<!-- /x -->\n", "t\n");
    assertEquals(once, PART.in(once, "t\n"));
  }

  @Test
  void refusesADocumentWithoutBothMarksInTheirOrder() {
    for (String document : List.of("", "<!-- x -->\n", "<!-- /x -->\n<!-- x -->\n")) {
      assertThrows(IllegalArgumentException.class, () -> PART.in(document, "t"));
    }
  }
}
