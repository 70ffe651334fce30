package espd.daemon.control;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// How often IKE has done what, for each connection of vici and for all together, under the names
/// of vici's `get-counters`. An exchange counts when it ends. For any thread.
public final class Counters {

  /// Connections come and go; the figures of so many are kept.
  private static final int MOST = 4096;

  /// What is counted; `in` came from the peer, `out` went to it.
  public enum Kind {
    /// We rekeyed an IKE SA.
    IKE_REKEY_INIT,
    /// The peer rekeyed an IKE SA.
    IKE_REKEY_RESP,
    /// Either rekeyed a Child SA.
    CHILD_REKEY,
    /// A message that could not be read.
    INVALID,
    /// IKE_SA_INIT.
    IKE_INIT_IN_REQ,
    /// IKE_SA_INIT.
    IKE_INIT_IN_RESP,
    /// IKE_SA_INIT.
    IKE_INIT_OUT_REQ,
    /// IKE_SA_INIT.
    IKE_INIT_OUT_RESP,
    /// IKE_AUTH.
    IKE_AUTH_IN_REQ,
    /// IKE_AUTH.
    IKE_AUTH_IN_RESP,
    /// IKE_AUTH.
    IKE_AUTH_OUT_REQ,
    /// IKE_AUTH.
    IKE_AUTH_OUT_RESP,
    /// CREATE_CHILD_SA.
    CREATE_CHILD_IN_REQ,
    /// CREATE_CHILD_SA.
    CREATE_CHILD_IN_RESP,
    /// CREATE_CHILD_SA.
    CREATE_CHILD_OUT_REQ,
    /// CREATE_CHILD_SA.
    CREATE_CHILD_OUT_RESP,
    /// INFORMATIONAL.
    INFO_IN_REQ,
    /// INFORMATIONAL.
    INFO_IN_RESP,
    /// INFORMATIONAL.
    INFO_OUT_REQ,
    /// INFORMATIONAL.
    INFO_OUT_RESP;

    private String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Map<String, Map<Kind, Long>> byConnection = new ConcurrentHashMap<>();

  /// Makes all of them 0.
  public Counters() {
    byConnection.put("", new EnumMap<>(Kind.class));
  }

  /// Counts one of each.
  ///
  /// @param connection whose, empty before it is known
  public void count(String connection, Set<Kind> kinds) {
    add("", kinds);
    String ike = ConnectionName.of(connection).ike();
    if (!ike.isEmpty() && (byConnection.size() < MOST || byConnection.containsKey(ike))) {
      add(ike, kinds);
    }
  }

  private void add(String connection, Set<Kind> kinds) {
    byConnection.compute(
        connection,
        (name, before) -> {
          Map<Kind, Long> after = new EnumMap<>(Kind.class);
          if (before != null) {
            after.putAll(before);
          }
          kinds.forEach(kind -> after.merge(kind, 1L, Long::sum));
          return after;
        });
  }

  /// Makes those of a connection 0.
  ///
  /// @param connection its name, empty for all together
  /// @return whether there were any
  boolean reset(String connection) {
    return byConnection.replace(connection, new EnumMap<>(Kind.class)) != null;
  }

  /// Makes all of them 0.
  void reset() {
    byConnection.keySet().forEach(this::reset);
  }

  /// {@return the names of connections that have counted; the empty one stands for all together}
  Set<String> names() {
    return new TreeMap<>(byConnection).keySet();
  }

  /// {@return every figure of a connection}
  Section section(String connection) {
    Map<Kind, Long> figures = byConnection.getOrDefault(connection, Map.of());
    Section.Builder section = Section.builder();
    Arrays.stream(Kind.values())
        .forEach(kind -> section.text(kind.text(), figures.getOrDefault(kind, 0L)));
    return section.build();
  }
}
