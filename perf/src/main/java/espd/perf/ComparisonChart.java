package espd.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A chart (SVG) of how many times a reference each tunnel does: for each of the main measures a
/// group of bars, and a line where the reference is. A longer bar is the better one: what should be
/// little stands there upside down. It has no background and suits light and dark pages.
///
/// @param figures of the peers; the bare wire, which is no tunnel, is left out
/// @param against the reference
record ComparisonChart(Figures figures, String against) {

  private static final int WIDTH = 760;
  private static final int LEFT = 190;
  private static final int BARS = 470;
  private static final int TOP = 56;
  private static final int BAR = 15;
  private static final int GAP = 14;
  private static final List<String> COLOURS =
      List.of("#1f77b4", "#17a2a2", "#c77c1e", "#8a63c9", "#5d8f3a", "#b04a5a");

  private static final String STYLE =
      """
      <style>
        text { font: 13px sans-serif; fill: #76808b }
        .title { font-weight: bold; font-size: 15px }
        .axis { stroke: #76808b; stroke-dasharray: 3 3 }
        @media (prefers-color-scheme: light) { text { fill: #24292f } }
        @media (prefers-color-scheme: dark) { text { fill: #d8dee6 } }
      </style>
      """;

  private record Group(String title, Measure measure) {}

  private static final List<Group> GROUPS =
      List.of(
          new Group("TCP, 1 stream", Measure.TCP_1),
          new Group("TCP, 4 streams", Measure.TCP_4),
          new Group("UDP, 64 octets", Measure.UDP_64),
          new Group("UDP, 1400 octets", Measure.UDP_1400_RATE),
          new Group("octets per CPU time", Measure.CPU));

  /// Where a group stands.
  ///
  /// @param top of its first bar
  /// @param scale how long once the reference is
  private record Place(int top, double scale) {}

  /// {@return the chart}
  String svg() {
    List<String> peers = figures.peers().stream().filter(peer -> !peer.equals("veth")).toList();
    int groupHeight = peers.size() * BAR + GAP;
    int height = TOP + GROUPS.size() * groupHeight + 8;
    double scale = BARS / Math.max(1, largest(peers));
    String title = escaped("How many times " + against + ": longer is better");
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img">
        <title>%s</title>
        %s<text class="title" x="8" y="20">%s</text>
        """
            .formatted(WIDTH, height, title, STYLE, title));
    legend(svg, peers);
    for (int i = 0; i < GROUPS.size(); i++) {
      group(svg, GROUPS.get(i), new Place(TOP + i * groupHeight, scale), peers);
    }
    String one = decimal(LEFT + scale);
    svg.append(
        """
        <line class="axis" x1="%s" x2="%s" y1="%s" y2="%s"/>
        </svg>
        """
            .formatted(one, one, TOP - 6, height - 12));
    return svg.toString();
  }

  private static void legend(StringBuilder svg, List<String> peers) {
    int x = LEFT;
    for (int i = 0; i < peers.size(); i++) {
      svg.append(
          """
          <rect x="%s" y="31" width="11" height="11" fill="%s"/>
          <text x="%s" y="41">%s</text>
          """
              .formatted(x, colour(i), x + 16, escaped(peers.get(i))));
      x += 34 + 8 * peers.get(i).length();
    }
  }

  private void group(StringBuilder svg, Group group, Place place, List<String> peers) {
    int middle = place.top + peers.size() * BAR / 2 + 4;
    svg.append("<text x=\"8\" y=\"%s\">%s</text>\n".formatted(middle, escaped(group.title)));
    for (int i = 0; i < peers.size(); i++) {
      double times = times(peers.get(i), group.measure);
      double length = Double.isNaN(times) ? 0 : times * place.scale;
      int y = place.top + i * BAR;
      svg.append(
          """
          <rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>
          <text x="%s" y="%s">%s</text>
          """
              .formatted(
                  LEFT,
                  y,
                  decimal(length),
                  BAR - 2,
                  colour(i),
                  decimal(LEFT + length + 6),
                  y + BAR - 4,
                  MarkdownTable.rounded(times)));
    }
  }

  private double times(String peer, Measure measure) {
    double ratio = figures.ratio(peer, against, measure);
    double times = measure.better() == Measure.Better.LESS ? 1 / ratio : ratio;
    return Double.isFinite(times) ? times : Double.NaN;
  }

  private double largest(List<String> peers) {
    List<Double> all = new ArrayList<>();
    for (String peer : peers) {
      GROUPS.forEach(group -> all.add(times(peer, group.measure)));
    }
    return all.stream().mapToDouble(d -> d).filter(d -> !Double.isNaN(d)).max().orElse(1);
  }

  private static String colour(int peer) {
    return COLOURS.get(peer % COLOURS.size());
  }

  private static String decimal(double figure) {
    return String.format(Locale.ROOT, "%.1f", figure);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
