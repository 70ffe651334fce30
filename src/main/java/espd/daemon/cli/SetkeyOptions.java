package espd.daemon.cli;

import espd.daemon.setkey.Forwarding;
import java.util.List;

/// What setkey is told on its command line.
///
/// @param task what is to be done
/// @param file with statements, `-` for the standard input
/// @param forwarding what an `in` policy says of packets that go on
/// @param policies whether it is about policies instead of SAs
/// @param ports whether SAs are shown with ports
/// @param loop whether SAs are shown again and again
/// @param nothing whether statements are read only
record SetkeyOptions(
    Task task,
    String file,
    Forwarding forwarding,
    boolean policies,
    boolean ports,
    boolean loop,
    boolean nothing) {

  /// What is to be done.
  enum Task {
    USAGE,
    VERSION,
    STDIN,
    SCRIPT,
    DUMP,
    FLUSH,
    MESSAGES
  }

  /// Reads words as getopt does with `acdf:HlnvxDFPphVrk?`: letters may share a word, `-f` takes
  /// the rest of its word or the next one, and the last task wins.
  static SetkeyOptions read(List<String> words) {
    StringBuilder letters = new StringBuilder();
    String file = "";
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-") && words.get(at).length() > 1) {
      String word = words.get(at++);
      int f = word.indexOf('f');
      letters.append(word, 1, f < 0 ? word.length() : f + 1);
      if (f == word.length() - 1) {
        file = at < words.size() ? words.get(at++) : "";
      } else if (f > 0) {
        file = word.substring(f + 1);
      }
    }
    boolean lacksFile = letters.indexOf("f") >= 0 && file.isEmpty();
    // Words without an option before them are files of PF_KEY messages for setkey.
    return of(letters.toString(), lacksFile || at < words.size() ? "" : file, at == words.size());
  }

  private static SetkeyOptions of(String letters, String file, boolean whole) {
    Task task = Task.USAGE;
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      task =
          switch (letter) {
            case 'c' -> Task.STDIN;
            case 'f' -> Task.SCRIPT;
            case 'D' -> Task.DUMP;
            case 'F' -> Task.FLUSH;
            case 'x' -> Task.MESSAGES;
            default -> task;
          };
    }
    boolean known = letters.matches("[acfHlnvxDFPpVrk]*");
    if (letters.indexOf('V') >= 0 && known) {
      task = Task.VERSION;
    } else if (!known || !whole || (letters.indexOf('f') >= 0 && file.isEmpty())) {
      task = Task.USAGE;
    }
    boolean kernel = letters.lastIndexOf('k') > letters.lastIndexOf('r');
    return new SetkeyOptions(
        task,
        file,
        kernel ? Forwarding.BY_ITSELF : Forwarding.WITH_INBOUND,
        letters.indexOf('P') >= 0,
        letters.indexOf('p') >= 0,
        letters.indexOf('l') >= 0,
        letters.indexOf('n') >= 0);
  }
}
