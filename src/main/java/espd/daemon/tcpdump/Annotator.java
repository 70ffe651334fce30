package espd.daemon.tcpdump;

import espd.daemon.control.ListedSa;
import espd.daemon.tcpdump.SaView.Known;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// Tells behind each line of tcpdump that is of an ESP packet what the daemon knows of its SA; the
/// others stay as they are. For one thread.
public final class Annotator {

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

  /// {@return the line, with what is known of its SA behind it}
  public String annotated(String line) {
    return EspLine.of(line).map(esp -> line + "  <- " + note(esp)).orElse(line);
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
      if (!troubled) {
        troubled = true;
        style.trouble().accept("the daemon does not answer: " + e.getMessage());
      }
      return view.known(esp);
    }
  }

  private String text(Known known) {
    ListedSa sa = known.sa();
    Instant now = clock.instant();
    long age = sa.ageSeconds() + Math.max(0, Duration.between(known.listed(), now).toSeconds());
    return String.format(
        Locale.ROOT,
        "%s %s %s %s, SAD seq=0x%x, age %d s",
        sa.connection(),
        sa.direction().name().toLowerCase(Locale.ROOT),
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
