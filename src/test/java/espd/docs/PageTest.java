package espd.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.Sources;
import espd.docs.Page.Command;
import espd.docs.Page.NewFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a page is written, as `docs/README.md` says it.
class PageTest {

  /// Blocks that no test can run, in all pages together. Each needs a browser, systemd, or a system
  /// that is not ours.
  private static final int SHOWN_ONLY = 10;

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)[^)]*\\)");

  private static Page page(String... lines) {
    return Page.parse("page.md", String.join("\n", lines));
  }

  @Test
  void aPromptSaysWhereACommandIsTyped() {
    Page page =
        page(
            "```", "west# ip link", "1: lo", "2: wire", "alice# true", "```", "```", "# id", "```");
    assertEquals(
        List.of(
            new Command(2, "west", "ip link", List.of("1: lo", "2: wire")),
            new Command(5, "alice", "true", List.of()),
            new Command(8, "east", "id", List.of())),
        page.steps());
    assertEquals(Set.of("alice", "east", "west"), page.hosts());
  }

  @Test
  void outputMayLookLikeThePromptThatABlockDoesNotHave() {
    Page page = page("```", "east# curl …", "# HELP espd_packets", "```");
    assertEquals(
        List.of(new Command(2, "east", "curl …", List.of("# HELP espd_packets"))), page.steps());
  }

  @Test
  void aCommandGoesOnAfterABackslash() {
    Page page = page("```", "# echo a \\", "    b &", "a b", "```");
    Command command = new Command(2, "east", "echo a \\\n    b &", List.of("a b"));
    assertEquals(List.of(command), page.steps());
    assertTrue(command.runsOn());
  }

  @Test
  void aNameBeforeABlockMakesAFile() {
    Page page =
        page(
            "`/etc/a`:",
            "",
            "```",
            "x",
            "",
            "y",
            "```",
            "`b c`:",
            "",
            "`b` on both hosts:",
            "```yaml",
            "# id",
            "```",
            "`c` on east, bob and alice:",
            "",
            "```",
            "```");
    assertEquals(
        List.of(
            new NewFile(3, Set.of(), "/etc/a", "x\n\ny\n"),
            new NewFile(11, Set.of("east", "west"), "b", "# id\n"),
            new NewFile(16, Set.of("east", "bob", "alice"), "c", "\n")),
        page.steps());
  }

  @Test
  void aBlockOfTextIsShownOnly() {
    Page page = page("```text", "# systemctl start espd", "```", "    # not even a block");
    assertEquals(List.of(), page.steps());
    assertEquals(1, page.shownOnly());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```\nneither command nor file\n```",
        "`on nobody` or so:\n\n```\nx\n```",
        "```\n# never closed",
        "- in a list\n\n  ```\n  # x\n  ```"
      })
  void whatIsNoneOfThatIsWrong(String text) {
    assertThrows(IllegalArgumentException.class, () -> Page.parse("page.md", text));
  }

  @Test
  void fewBlocksAreShownOnly() throws IOException {
    int all = 0;
    for (String name : Page.names()) {
      all += Page.read(name).shownOnly();
    }
    assertTrue(all <= SHOWN_ONLY, all + " blocks are shown only");
  }

  @Test
  void everyPageIsInTheIndexAndItsLinksLeadSomewhere() throws IOException {
    Path docs = Sources.root().resolve("docs");
    String index = Files.readString(docs.resolve("README.md"));
    for (String name : Page.names()) {
      assertTrue(index.contains("](" + name + ")"), name + " is not in the index");
      for (String link :
          LINK.matcher(Files.readString(docs.resolve(name)))
              .results()
              .map(r -> r.group(1))
              .toList()) {
        assertTrue(Files.exists(docs.resolve(link)), name + " leads to " + link);
      }
    }
  }
}
