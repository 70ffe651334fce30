package espd.daemon;

import espd.ike.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What makes connections of connections; those in neither list are the same.
///
/// @param gone those that are removed, and those that are replaced as they were
/// @param fresh those that are added, and those that replace
record Difference(List<Connection> gone, List<Connection> fresh) {

  Difference {
    gone = List.copyOf(gone);
    fresh = List.copyOf(fresh);
  }

  static Difference between(List<Connection> before, List<Connection> after) {
    Map<String, Connection> old = byName(before);
    Map<String, Connection> next = byName(after);
    return new Difference(lacking(before, next), lacking(after, old));
  }

  private static Map<String, Connection> byName(List<Connection> connections) {
    Map<String, Connection> byName = new LinkedHashMap<>();
    connections.forEach(each -> byName.put(each.name(), each));
    return byName;
  }

  private static List<Connection> lacking(List<Connection> of, Map<String, Connection> others) {
    return of.stream().filter(each -> !each.equals(others.get(each.name()))).toList();
  }

  /// {@return what changes, in one line}
  @Override
  public String toString() {
    List<String> old = gone.stream().map(Connection::name).toList();
    List<String> next = fresh.stream().map(Connection::name).toList();
    List<String> parts = new ArrayList<>();
    part("added", next.stream().filter(name -> !old.contains(name)).toList(), parts);
    part("changed", next.stream().filter(old::contains).toList(), parts);
    part("removed", old.stream().filter(name -> !next.contains(name)).toList(), parts);
    return parts.isEmpty() ? "no connection changes" : String.join("; ", parts);
  }

  private static void part(String what, List<String> names, List<String> parts) {
    if (!names.isEmpty()) {
      parts.add(what + ": " + names.stream().collect(Collectors.joining(", ")));
    }
  }
}
