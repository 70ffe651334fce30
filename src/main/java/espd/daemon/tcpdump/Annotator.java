package espd.daemon.tcpdump;

import espd.daemon.control.ListedSa;
import espd.daemon.tcpdump.SaView.Known;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Tells behind each line of tcpdump that is of an ESP packet what the daemon knows of its SA; the
/// others stay as they are. Behind a line of a TCP stream that carries ESP it tells of which SAs,
/// and where tcpdump prints the octets of segments (`-x`), a line for each ESP packet that begins
/// in one (RFC 9329). For one thread.
public final class Annotator {

  private static final int MOST_STREAMS = 1024;
  private static final String PLAIN = "\u001b[0m";
  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String RED = "\u001b[1;37;41m";

  /// How lines look, and who hears of trouble.
  ///
  /// @param colours whether the terminal is told to show colours
  /// @param trouble is told when the daemon stops answering, once
  public record Style(boolean colours, Consumer<String> trouble) {}

  private final SaView view;
  private final InstantSource clock;
  private final Style style;

  /// The streams that were seen last, each direction for itself.
  private final Map<TcpLine, StreamFrames> streams =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TcpLine, StreamFrames> eldest) {
          return size() > MOST_STREAMS;
        }
      };

  private Optional<TcpLine> segment = Optional.empty();
  private Optional<HexDump> dump = Optional.empty();
  private boolean troubled;
  private long espLines;
  private long unknownLines;

  /// @param source lists the daemon's SAs
  public Annotator(SaSource source, InstantSource clock, Style style) {
    this.view = new SaView(source, clock);
    this.clock = clock;
    this.style = style;
  }

  /// Asks the daemon for the first time.
  ///
  /// @throws IOException when it does not answer
  public void begin() throws IOException {
    view.ask();
  }

  /// {@return the line, with what is known of its SA behind it, and with lines for the ESP packets
  /// in the segment whose octets end with it}
  public String annotated(String line) {
    if (dump.isPresent() && dump.get().add(line)) {
      return line + packets(dump.get());
    }
    segment = TcpLine.of(line);
    dump = segment.map(tcp -> new HexDump());
    return EspLine.of(line)
        .map(esp -> line + "  <- " + note(esp))
        .or(() -> segment.flatMap(this::note).map(note -> line + "  <- " + note))
        .orElse(line);
  }

  /// {@return the ESP packets of a segment that is complete now, a line each}
  private String packets(HexDump whole) {
    StringBuilder text = new StringBuilder();
    TcpLine tcp = segment.orElseThrow();
    Optional<HexDump.Payload> payload = whole.payload();
    if (payload.isPresent()) {
      dump = Optional.empty();
      StreamFrames stream = streams.computeIfAbsent(tcp, _ -> new StreamFrames(view::knows));
      for (StreamFrames.Frame frame : stream.take(payload.get())) {
        text.append(
            "%n\tESP(spi=0x%08x,seq=0x%x), length %d  <- %s"
                .formatted(
                    frame.spi(),
                    frame.sequence(),
                    frame.octets(),
                    note(
                        new EspLine(
                            Optional.of(tcp.source().address()),
                            Optional.of(tcp.destination().address()),
                            frame.spi()))));
      }
    }
    return text.toString();
  }

  /// {@return of which SAs a TCP stream carries packets, if of any}
  private Optional<String> note(TcpLine tcp) {
    List<ListedSa> sas;
    try {
      sas = view.carriedBy(tcp);
    } catch (IOException e) {
      tellTrouble(e);
      return Optional.empty();
    }
    if (sas.isEmpty()) {
      return Optional.empty();
    }
    ListedSa one = sas.getFirst();
    String spis = sas.stream().map(ListedSa::spiText).collect(Collectors.joining(", "));
    String text = "TCP stream of %s, %s %s".formatted(one.connection(), word(one), spis);
    return Optional.of(coloured(GREEN, text));
  }

  private String note(EspLine esp) {
    espLines++;
    Optional<Known> known = find(esp);
    if (known.isEmpty()) {
      unknownLines++;
      return coloured(RED, "UNKNOWN SPI " + esp.spiText());
    }
    return known.get().stands()
        ? coloured(GREEN, text(known.get()))
        : coloured(YELLOW, text(known.get()) + ", no longer in the SAD");
  }

  private Optional<Known> find(EspLine esp) {
    try {
      Optional<Known> known = view.find(esp);
      troubled = false;
      return known;
    } catch (IOException e) {
      tellTrouble(e);
      return view.known(esp);
    }
  }

  private void tellTrouble(IOException e) {
    if (!troubled) {
      troubled = true;
      style.trouble().accept("the daemon does not answer: " + e.getMessage());
    }
  }

  private static String word(ListedSa sa) {
    return sa.direction().name().toLowerCase(Locale.ROOT);
  }

  private String text(Known known) {
    ListedSa sa = known.sa();
    Instant now = clock.instant();
    long age = sa.ageSeconds() + Math.max(0, Duration.between(known.listed(), now).toSeconds());
    return String.format(
        Locale.ROOT,
        "%s %s %s %s, SAD seq=0x%x, age %d s",
        sa.connection(),
        word(sa),
        sa.mode().name().toLowerCase(Locale.ROOT),
        sa.suite(),
        sa.sequence(),
        age);
  }

  private String coloured(String colour, String text) {
    return style.colours() ? colour + text + PLAIN : text;
  }

  /// {@return how many lines were of ESP packets}
  public long espLines() {
    return espLines;
  }

  /// {@return how many of them had an SPI that the daemon does not know}
  public long unknownLines() {
    return unknownLines;
  }
}
