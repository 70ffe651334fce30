package espd.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// The chart of `perf/compare`.
class ComparisonChartTest {

  private static final List<String> LINES =
      List.of(
          "veth 1 tcp1_gbit_s 1000",
          "espd 1 tcp1_gbit_s 3",
          "espd 1 cpu_s_gb 5",
          "strong<&swan 1 tcp1_gbit_s 0.5",
          "strong<&swan 1 cpu_s_gb 20");

  private static Document chart(List<String> lines) throws Exception {
    String svg = new ComparisonChart(Figures.read(lines), "strong<&swan").svg();
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> all(Document chart, String name) {
    NodeList found = chart.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static List<String> texts(Document chart) {
    return all(chart, "text").stream().map(Element::getTextContent).toList();
  }

  @Test
  void isWellFormedAndNamesEveryTunnelButNotTheBareWire() throws Exception {
    Document chart = chart(LINES);
    assertEquals("svg", chart.getDocumentElement().getTagName());
    assertTrue(texts(chart).containsAll(List.of("espd", "strong<&swan", "TCP, 1 stream")));
    assertFalse(texts(chart).contains("veth"));
  }

  @Test
  void aBarIsAsManyTimesAsLongAsTheReferenceAsItsLabelSays() throws Exception {
    List<Element> bars =
        all(chart(LINES), "rect").stream()
            .filter(bar -> !bar.getAttribute("width").equals("11"))
            .toList();
    assertEquals(5 * 2, bars.size());
    double espd = Double.parseDouble(bars.get(0).getAttribute("width"));
    double other = Double.parseDouble(bars.get(1).getAttribute("width"));
    assertEquals(6, espd / other, 0.02);
    assertTrue(texts(chart(LINES)).contains("6.00"));
  }

  @Test
  void whatShouldBeLittleStandsUpsideDown() throws Exception {
    List<String> texts = texts(chart(LINES));
    int group = texts.indexOf("octets per CPU time");
    assertEquals(List.of("4.00", "1.00"), texts.subList(group + 1, group + 3));
  }

  @Test
  void whatWasNotMeasuredHasADashAndNoBar() throws Exception {
    List<String> texts = texts(chart(LINES));
    int group = texts.indexOf("UDP, 64 octets");
    assertEquals(List.of("-", "-"), texts.subList(group + 1, group + 3));
  }

  @Test
  void knowsDarkPages() {
    String svg = new ComparisonChart(Figures.read(LINES), "espd").svg();
    assertTrue(svg.contains("@media (prefers-color-scheme: dark)"));
  }
}
