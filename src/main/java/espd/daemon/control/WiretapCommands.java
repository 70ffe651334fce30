package espd.daemon.control;

import espd.daemon.capture.CaptureRequest;
import espd.daemon.capture.CaptureStream;
import espd.daemon.capture.Progress;
import espd.daemon.control.ViciCommand.Events;
import espd.daemon.keys.KeyLine;
import espd.daemon.keys.KeyLog;
import espd.daemon.keys.Table;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Side;
import espd.dataplane.tap.Wish;
import espd.spd.KeyMaterial;
import espd.spd.Sa;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The commands that show packets and keys. Those that go on send an event a few times a second
/// even when there is nothing to tell: that is how they learn that their client has left.
///
/// @param operations the daemon
record WiretapCommands(Operations operations) {

  private static final Logger LOG = LoggerFactory.getLogger(WiretapCommands.class);

  private static final long SIGN_OF_LIFE_MILLIS = 200;
  private static final long PAUSE_MILLIS = 2;

  /// A value of vici has at most 65,535 octets.
  private static final int CHUNK = 0xffff;

  /// More lines than wait for a client that does not read.
  private static final int MOST_LINES = 65_536;

  /// The events that they stream.
  static final Set<String> EVENTS = Set.of(Wiretap.SA, Wiretap.KEY, Wiretap.CAPTURED);

  Map<String, ViciCommand> commands() {
    return Map.of(
        Wiretap.LIST, this::list, Wiretap.KEYS, this::keys, Wiretap.CAPTURE, this::capture);
  }

  /// What goes on without events would go on for ever, with nobody to tell that it should not.
  private static Section unheard(String event) {
    return ViciAnswers.refusal("register for the events " + event + " first");
  }

  private Section list(Section request, Events events) throws IOException {
    Instant now = Instant.now();
    for (Sa sa : operations.sad()) {
      events.send(Wiretap.SA, ListedSa.of(sa, now).section());
    }
    return ViciAnswers.SUCCESS;
  }

  // --- keys

  private Section keys(Section request, Events events) throws IOException {
    Set<Table> tables;
    try {
      tables = request.items("tables").stream().map(Table::valueOf).collect(Collectors.toSet());
    } catch (IllegalArgumentException e) {
      return ViciAnswers.refusal(String.valueOf(e.getMessage()));
    }
    boolean follows = request.text("follow").isPresent();
    LOG.warn(
        "keys of all SAs go to a client of the control socket{}",
        follows ? ", until it leaves" : "");
    BlockingQueue<Section> lines = new LinkedBlockingQueue<>(MOST_LINES);
    Keys how = new Keys(follows, new AtomicBoolean());
    Consumer<KeyLine> queue =
        line -> how.lost().compareAndSet(false, !lines.offer(WiretapEvents.of(line)));
    try (KeyLog _ = operations.wiretap().keys(tables, queue)) {
      return tell(lines, how, events);
    }
  }

  /// @param follows whether it goes on when all that stands is told
  /// @param lost whether a line found no room
  private record Keys(boolean follows, AtomicBoolean lost) {}

  private static Section tell(BlockingQueue<Section> lines, Keys how, Events events)
      throws IOException {
    try {
      while (how.follows() || !lines.isEmpty()) {
        Section line = lines.poll(SIGN_OF_LIFE_MILLIS, TimeUnit.MILLISECONDS);
        boolean heard = events.send(Wiretap.KEY, line == null ? Section.EMPTY : line);
        if (line != null) {
          line.secret(SectionCodec.DATA).ifPresent(KeyMaterial::close);
        }
        if (!heard) {
          return unheard(Wiretap.KEY);
        }
        if (how.lost().get()) {
          return ViciAnswers.refusal("keys were lost: they came faster than they were read");
        }
      }
      return ViciAnswers.SUCCESS;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ViciAnswers.refusal("the daemon is stopping");
    }
  }

  // --- packets

  private Section capture(Section request, Events events) throws IOException {
    CaptureRequest wanted;
    try {
      wanted = captureRequest(request);
    } catch (IllegalArgumentException e) {
      return ViciAnswers.refusal(String.valueOf(e.getMessage()));
    }
    Optional<Recording> recording = operations.wiretap().record(wanted.wish());
    if (recording.isEmpty()) {
      return ViciAnswers.refusal("packets are being captured already; one capture at a time");
    }
    LOG.warn("packets go to a client of the control socket, in the clear too, until it leaves");
    try (Recording open = recording.get()) {
      String application = "espd " + operations.status().machine().version();
      return stream(new CaptureStream(open, wanted, operations::sad, application), events);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ViciAnswers.refusal("the daemon is stopping");
    } finally {
      LOG.info("no packets are captured any more");
    }
  }

  /// {@return what a client asked for: `sides` (`inner`, `outer`), `connection`, `snap`, `count`
  /// and `milliseconds`}
  private static CaptureRequest captureRequest(Section request) {
    Set<Side> sides =
        request.items("sides").stream()
            .map(side -> Side.valueOf(side.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toSet());
    return new CaptureRequest(
        new Wish(
            request.text("connection"),
            sides.isEmpty() ? Stream.of(Side.values()).collect(Collectors.toSet()) : sides,
            Integer.parseInt(request.text("snap").orElse("" + Wish.WHOLE))),
        Long.parseLong(request.text("count").orElse("0")),
        Duration.ofMillis(Long.parseLong(request.text("milliseconds").orElse("0"))));
  }

  private static Section stream(CaptureStream stream, Events events)
      throws IOException, InterruptedException {
    long lastMillis = 0;
    boolean over = false;
    while (!over) {
      // Asked first, so that what was recorded until then is still taken.
      over = stream.isOver();
      byte[] octets = stream.next();
      long nowMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
      if (octets.length > 0 || nowMillis - lastMillis >= SIGN_OF_LIFE_MILLIS || over) {
        if (!send(octets, stream.progress(), events)) {
          return unheard(Wiretap.CAPTURED);
        }
        lastMillis = nowMillis;
      }
      if (octets.length == 0) {
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    return ViciAnswers.SUCCESS;
  }

  private static boolean send(byte[] octets, Progress progress, Events events) throws IOException {
    int at = 0;
    for (; octets.length - at > CHUNK; at += CHUNK) {
      byte[] piece = Arrays.copyOfRange(octets, at, at + CHUNK);
      events.send(Wiretap.CAPTURED, WiretapEvents.piece(piece));
    }
    byte[] last = Arrays.copyOfRange(octets, at, octets.length);
    return events.send(Wiretap.CAPTURED, WiretapEvents.lastPiece(last, progress));
  }
}
