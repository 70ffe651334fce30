package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.Connection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Reqids and differences of connections that come and go.
class ReqidsTest {

  private static final Connection A = Seed.named("a").withReqid(16385);
  private static final Connection B = Seed.named("b").withReqid(16389);

  private static List<Integer> reqids(List<Connection> connections) {
    return connections.stream().map(Connection::reqid).toList();
  }

  @Test
  void aNameKeepsItsNumberWhateverStandsBeforeIt() {
    List<Connection> next = Stream.of("new", "b", "a").map(Seed::named).toList();
    List<Connection> numbered =
        List.of(
            next.get(0).withReqid(16385),
            next.get(1).withReqid(16389),
            next.get(2).withReqid(16393));
    List<Connection> settled = Reqids.settled(numbered, List.of(A, B));
    assertEquals(List.of(16393, 16389, 16385), reqids(settled));
    assertEquals("added: new", Difference.between(List.of(A, B), settled).toString());
  }

  @Test
  void aNumberThatAFileSetsStands() {
    List<Connection> settled = Reqids.settled(List.of(A.withReqid(7), B), List.of(A, B));
    assertEquals(List.of(7, 16389), reqids(settled));
    assertEquals("changed: a", Difference.between(List.of(A, B), settled).toString());
  }

  @Test
  void nothingDiffersFromItself() {
    Difference none = Difference.between(List.of(A, B), List.of(B, A));
    assertEquals(new Difference(List.of(), List.of()), none);
    assertEquals("no connection changes", none.toString());
  }

  @Test
  void everyChangeIsNamed() {
    Connection changed = Seed.named("b").withReqid(5);
    Difference difference = Difference.between(List.of(A, B), List.of(changed, Seed.named("c")));
    assertEquals("added: c; changed: b; removed: a", difference.toString());
  }
}
