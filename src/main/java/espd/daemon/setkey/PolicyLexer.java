package espd.daemon.setkey;

import java.util.ArrayList;
import java.util.List;

/// The words of a policy, which has its own: `esp`, `/`, `-`, `+`, `[500]`, numbers and addresses.
final class PolicyLexer {

  private PolicyLexer() {}

  /// A word of a policy.
  ///
  /// @param text the word; empty at the end
  /// @param at its place in the policy's text
  record Word(String text, int at) {

    boolean isNumber() {
      return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
  }

  /// {@return the words of a policy, and an empty one at its end}
  static List<Word> words(String policy) {
    List<Word> words = new ArrayList<>();
    int at = 0;
    while (at < policy.length()) {
      char c = policy.charAt(at);
      int end = at + 1;
      if (c == ' ' || c == '\t' || c == '\n' || c > '~') {
        at = end; // Beyond ASCII there is only the mark of a line that goes on.
        continue;
      }
      if (c == '[') {
        int close = policy.indexOf(']', at);
        end = close < 0 ? policy.length() : close + 1;
      } else if (isWordPart(c)) {
        while (end < policy.length() && isWordPart(policy.charAt(end))) {
          end++;
        }
      }
      words.add(new Word(policy.substring(at, end), at));
      at = end;
    }
    words.add(new Word("", policy.length()));
    return words;
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || ":._%".indexOf(c) >= 0;
  }
}
