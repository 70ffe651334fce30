package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SectionJsonTest {

  @Test
  void sectionsAreObjectsListsAreArraysAndValuesAreStrings() {
    Section section =
        Section.builder()
            .text("state", "ESTABLISHED")
            .items("local-ts", List.of("2001:db8::/32", "::/0"))
            .section("child-sas", Section.builder().text("spi-in", "0c0ffee0").build())
            .build();

    assertEquals(
        "{\"state\":\"ESTABLISHED\",\"local-ts\":[\"2001:db8::/32\",\"::/0\"],"
            + "\"child-sas\":{\"spi-in\":\"0c0ffee0\"}}",
        SectionJson.of(section));
  }

  @Test
  void whatJsonReservesIsEscaped() {
    Section section = Section.builder().text("a \"name\"", "line\nand \\ and \u0007").build();

    assertEquals("{\"a \\\"name\\\"\":\"line\\nand \\\\ and \\u0007\"}", SectionJson.of(section));
  }
}
