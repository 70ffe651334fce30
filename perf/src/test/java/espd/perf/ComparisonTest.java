package espd.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tables and the JSON of `perf/compare`.
class ComparisonTest {

  private static final List<String> LINES =
      List.of(
          "veth 1 tcp1_gbit_s 9.0",
          "veth 1 ping_idle_us 20",
          "veth 1 mtu 1500",
          "espd 1 tcp1_gbit_s 3",
          "espd 1 ping_idle_us nan",
          "espd 1 mtu 1400",
          "strongswan 1 tcp1_gbit_s 1",
          "veth 2 tcp1_gbit_s 12",
          "espd 2 tcp1_gbit_s 4",
          "espd 2 ping_idle_us nan",
          "veth 3 tcp1_gbit_s 100",
          "espd 3 tcp1_gbit_s nan");

  private static Comparison comparison(String against) {
    return Comparison.of(Figures.read(LINES), against, List.of("cpu=a \"fast\" one = good"));
  }

  @Test
  void showsMediansAndHowManyTimesTheReferenceTheyAre() {
    assertEquals(
        """
        | measure                         |        veth |        espd |  strongswan |
        |---------------------------------|------------:|------------:|------------:|
        | TCP, 1 stream, Gbit/s           | 12.0 (3.43) | 3.50 (1.00) | 1.00 (0.29) |
        | ping, idle, median, µs          |        20.0 |           - |           - |
        | ping, idle, 99th percentile, µs |        20.0 |           - |           - |
        | MTU inside, octets              |        1500 |        1400 |           - |
        """,
        comparison("espd").medians());
  }

  @Test
  void dividesEspdByEachOtherPeer() {
    String quotients = comparison("strongswan").quotients();
    assertTrue(
        quotients.startsWith(
            "| measure                         | espd / veth | espd / strongswan |\n"),
        quotients);
    assertTrue(
        quotients.contains(
            "| TCP, 1 stream, Gbit/s           |        0.29 |              3.50 |\n"),
        quotients);
    assertFalse(quotients.contains("MTU"), quotients);
    Figures alone = Figures.read(List.of("veth 1 tcp1_gbit_s 9.0"));
    assertEquals("", Comparison.of(alone, "veth", List.of()).quotients());
  }

  @Test
  void saysOfEachGoalWhetherItIsReached() {
    List<String> rows = comparison("strongswan").goals().lines().toList();
    assertEquals(Goal.of(Figures.read(LINES)).size() + 2, rows.size());
    assertTrue(rows.stream().noneMatch(row -> row.contains("handshakes")));
    assertTrue(rows.get(2).matches("\\| raw ESP: TCP, .* 3.50 \\| +yes \\|"), rows.get(2));
    assertTrue(rows.get(3).matches(".* - \\| not measured \\|"), rows.get(3));
  }

  @Test
  void warnsWhenOtherProgramsWereBusy() {
    String busy = "a 1 disturbance_percent 10.5";
    String quiet = "a 1 disturbance_percent 9.5";
    String warning = "**Other programs took up to 10.5 % of a core meanwhile";
    assertTrue(
        Comparison.of(Figures.read(List.of(busy)), "a", List.of()).tables().contains(warning));
    assertFalse(
        Comparison.of(Figures.read(List.of(quiet)), "a", List.of()).tables().contains("**"));
  }

  @Test
  void dividesByTheFirstPeerWhereTheReferenceWasNotMeasured() {
    assertEquals("veth", comparison("absent").against());
    Figures nothing = Figures.read(List.of());
    assertThrows(IllegalArgumentException.class, () -> Comparison.of(nothing, "veth", List.of()));
  }

  @Test
  void writesFactsMediansRoundsAndGoalsForMachines() {
    String json = new ComparisonJson(comparison("strongswan")).text();
    assertTrue(
        json.startsWith(
            """
            {
              "run": {
                "cpu": "a \\"fast\\" one = good"
              },
              "against": "strongswan",
              "peers": {
                "veth": {
                  "tcp1_gbit_s": { "median": 12.0, "rounds": [9.0, 12.0, 100.0] },
                  "ping_idle_p50_us": { "median": 20.0, "rounds": [20.0] },
                  "ping_idle_p99_us": { "median": 20.0, "rounds": [20.0] },
                  "mtu": { "median": 1500.0, "rounds": [1500.0] }
                },
                "espd": {
                  "tcp1_gbit_s": { "median": 3.5, "rounds": [3.0, 4.0, null] },
                  "ping_idle_p50_us": { "median": null, "rounds": [null, null] },
            """),
        json);
    assertTrue(
        json.contains(
            "{ \"goal\": \"raw ESP: TCP, at least 3 times strongSwan\", \"measured\": 3.5,"
                + " \"reached\": true }"),
        json);
    assertTrue(json.endsWith("\"measured\": null, \"reached\": null }\n  ]\n}\n"), json);
  }

  @Test
  void writesItsFilesAndItsPartOfADocument(@TempDir Path folder) throws IOException {
    Path document = folder.resolve("speed.md");
    Files.writeString(
        document, "before\n<!-- perf/compare -->\nold\n<!-- /perf/compare -->\nafter\n");
    run(
        "perf/compare",
        "strongswan",
        folder.resolve("comparison").toString(),
        document.toString(),
        "commit=abc");
    String tables = Files.readString(folder.resolve("comparison.md"));
    assertTrue(tables.startsWith("- commit: abc\n\nMedians"), tables);
    assertEquals(
        "before\n<!-- perf/compare -->\n\n" + tables + "\n<!-- /perf/compare -->\nafter\n",
        Files.readString(document));
    assertEquals(
        Files.readString(folder.resolve("comparison.svg")),
        Files.readString(folder.resolve("speed.svg")));
    assertTrue(Files.exists(folder.resolve("comparison.json")));
  }

  private static void run(String... arguments) throws IOException {
    InputStream input = System.in;
    PrintStream output = System.out;
    try {
      System.setIn(
          new ByteArrayInputStream(String.join("\n", LINES).getBytes(StandardCharsets.UTF_8)));
      System.setOut(new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8));
      Comparison.main(arguments);
    } finally {
      System.setIn(input);
      System.setOut(output);
    }
  }
}
