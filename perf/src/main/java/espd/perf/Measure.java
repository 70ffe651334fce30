package espd.perf;

import java.util.Arrays;
import java.util.List;

/// What `perf/compare` and `perf/handshake` measure of a peer, in the order in which it is shown.
enum Measure {
  /// The rate of one TCP stream.
  TCP_1("tcp1_gbit_s", "TCP, 1 stream, Gbit/s", Better.MORE),
  /// The rate of four TCP streams together.
  TCP_4("tcp4_gbit_s", "TCP, 4 streams, Gbit/s", Better.MORE),
  /// How many small datagrams of a flood arrive.
  UDP_64("udp64_kpps", "UDP of 64 octets received, 1000/s", Better.MORE),
  /// The same as goodput.
  UDP_64_RATE("udp64_mbit_s", "UDP of 64 octets received, Mbit/s", Better.MORE),
  /// How many large datagrams arrive at most, whatever is offered.
  UDP_1400("udp1400_kpps", "UDP in packets of 1400 octets received, 1000/s", Better.MORE),
  /// The same as goodput.
  UDP_1400_RATE("udp1400_mbit_s", "UDP in packets of 1400 octets received, Mbit/s", Better.MORE),
  /// The round trip of an idle path.
  PING_IDLE_P50("ping_idle_us", "ping, idle, median, µs", Better.LESS),
  /// The round trip of an idle path that one in a hundred exceeds.
  PING_IDLE_P99("ping_idle_us", "ping, idle, 99th percentile, µs", Better.LESS, 99),
  /// The round trip beside a TCP stream.
  PING_LOADED_P50("ping_loaded_us", "ping beside TCP, median, µs", Better.LESS),
  /// The round trip beside a TCP stream that one in a hundred exceeds.
  PING_LOADED_P99("ping_loaded_us", "ping beside TCP, 99th percentile, µs", Better.LESS, 99),
  /// CPU time that the peer's processes on both hosts spend on a gigabyte of TCP.
  CPU("cpu_s_gb", "CPU of both daemons, s for 1 GB of TCP", Better.LESS),
  /// CPU time of the whole machine for a gigabyte of TCP.
  MACHINE_CPU("machine_cpu_s_gb", "CPU of the machine, s for 1 GB of TCP", Better.LESS),
  /// The resident memory of a process after all the load.
  MEMORY("rss_mb", "resident memory after load, MB", Better.LESS),
  /// The most that the resident memory ever was.
  MEMORY_PEAK("rss_peak_mb", "resident memory at most, MB", Better.LESS),
  /// What the overload's sender offers, of the peak.
  OVERLOAD_OFFERED("overload_offered", "overload: offered, times the peak", Better.NEITHER),
  /// What arrives under overload, of the peak.
  OVERLOAD_KEPT("overload_kept", "overload: goodput kept, times the peak", Better.MORE),
  /// What the overload adds to the resident memory.
  OVERLOAD_GROWTH("overload_growth_mb", "overload: memory grows by, MB", Better.NEITHER),
  /// From the start of the process to the first answer through the tunnel.
  START("start_s", "start to first ping, s", Better.LESS),
  /// CPU of a process without traffic.
  IDLE_CPU("idle_cpu_percent", "CPU when idle, % of a core", Better.LESS),
  /// The MTU that the peer chooses for the tunnel.
  MTU("mtu", "MTU inside, octets", Better.NEITHER),
  /// CPU that all other programs of the machine took while nothing was measured.
  DISTURBANCE("disturbance_percent", "CPU of other programs, % of a core", Better.NEITHER),
  /// How many IKE SAs, each with a Child SA, a responder makes that has made many and holds few.
  HANDSHAKES("handshakes_s", "handshakes in a second", Better.MORE),
  /// How many it makes right after its start.
  FIRST_HANDSHAKES("first_handshakes_s", "handshakes in a second, the first ones", Better.MORE),
  /// CPU time that one of them costs the responder.
  HANDSHAKE_CPU("handshake_cpu_ms", "CPU of the responder for one, ms", Better.LESS),
  /// How many IKE SAs the peers have it replace.
  REKEYS("rekeys_s", "IKE SAs rekeyed in a second", Better.MORE),
  /// How many it makes on the way to those that it then holds.
  HELD_HANDSHAKES("held_handshakes_s", "handshakes in a second, up to all IKE SAs", Better.MORE),
  /// What one that stands, with its Child SA, adds to the resident memory.
  IKE_SA_MEMORY("ike_sa_kb", "memory of an IKE SA and its Child SA, kB", Better.LESS),
  /// How many IKE SAs the peers have it delete.
  CLOSES("closes_s", "IKE SAs deleted in a second", Better.MORE);

  /// Which of two figures is the better one.
  enum Better {
    /// The larger one.
    MORE,
    /// The smaller one.
    LESS,
    /// Neither; a quotient of them means nothing.
    NEITHER
  }

  private final String source;
  private final String title;
  private final Better better;
  private final int percentile;

  Measure(String source, String title, Better better) {
    this(source, title, better, 50);
  }

  Measure(String source, String title, Better better, int percentile) {
    this.source = source;
    this.title = title;
    this.better = better;
    this.percentile = percentile;
  }

  /// {@return the measures that are made of what was measured under this name}
  static List<Measure> of(String source) {
    return Arrays.stream(values()).filter(measure -> measure.source.equals(source)).toList();
  }

  /// {@return its name for machines}
  String key() {
    return of(source).size() == 1 ? source : source.replace("_us", "_p" + percentile + "_us");
  }

  /// {@return its name for people, with the unit}
  String title() {
    return title;
  }

  Better better() {
    return better;
  }

  /// {@return the figure of a round}
  ///
  /// @param samples what was measured in it: one figure, or the round trips
  double of(List<Double> samples) {
    return percentile == 50 ? Figures.median(samples) : Figures.percentile(samples, percentile);
  }
}
