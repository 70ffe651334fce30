package espd.spd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// SAs in the order they were installed. Immutable; in pieces, so that a list with one SA more or
/// less shares all but a piece with this one.
final class SaList {

  /// A list without an SA.
  static final SaList EMPTY = new SaList(new Sa[0][], 0);

  private static final int PIECE = 128;

  private final Sa[][] pieces;
  private final int size;

  private SaList(Sa[][] pieces, int size) {
    this.pieces = pieces;
    this.size = size;
  }

  /// {@return how many there are}
  int size() {
    return size;
  }

  /// {@return this list with `sa` as its newest}
  SaList with(Sa sa) {
    int last = pieces.length - 1;
    if (last < 0 || pieces[last].length == PIECE) {
      Sa[][] more = Arrays.copyOf(pieces, pieces.length + 1);
      more[pieces.length] = new Sa[] {sa};
      return new SaList(more, size + 1);
    }
    Sa[][] changed = pieces.clone();
    changed[last] = Arrays.copyOf(pieces[last], pieces[last].length + 1);
    changed[last][pieces[last].length] = sa;
    return new SaList(changed, size + 1);
  }

  /// {@return this list without `sa`, which is in it}
  SaList without(Sa sa) {
    for (int piece = 0; piece < pieces.length; piece++) {
      for (int i = 0; i < pieces[piece].length; i++) {
        if (pieces[piece][i] == sa) {
          return without(piece, i);
        }
      }
    }
    throw new IllegalArgumentException("the SA is not in the list");
  }

  private SaList without(int piece, int i) {
    Sa[] before = pieces[piece];
    if (before.length == 1) {
      List<Sa[]> rest = new ArrayList<>(Arrays.asList(pieces));
      rest.remove(piece);
      return new SaList(rest.toArray(Sa[][]::new), size - 1);
    }
    Sa[] shorter = Arrays.copyOf(before, before.length - 1);
    System.arraycopy(before, i + 1, shorter, i, shorter.length - i);
    Sa[][] changed = pieces.clone();
    changed[piece] = shorter;
    return new SaList(changed, size - 1);
  }

  /// {@return all of them}
  List<Sa> newestFirst() {
    List<Sa> all = new ArrayList<>(size);
    for (Sa[] piece : pieces) {
      Collections.addAll(all, piece);
    }
    return Collections.unmodifiableList(all).reversed();
  }
}
