package espd.daemon.racoon;

import espd.daemon.config.Place;
import espd.daemon.config.Value;

/// A word of `racoon.conf`, or a sign.
///
/// @param kind what it is
/// @param value its text, without the quotes of a string, the brackets of a port, the slash of a
///   prefix and the hyphen of a range
/// @param glued characters right before it that are nothing by themselves; empty where there are
///   none
/// @param word as people see it, for messages: a word that is no keyword is several tokens, or none
record Token(Kind kind, Value value, Value glued, Value word) {

  enum Kind {
    /// A keyword of its section.
    WORD,
    /// Decimal digits.
    NUMBER,
    /// `0x` and hexadecimal digits.
    HEX,
    /// `"…"`.
    STRING,
    /// Hexadecimal digits, colons and dots: an address, or a word that is no keyword.
    ADDRESS,
    /// `/64`.
    PREFIX,
    /// `[500]`.
    PORT,
    /// `-ADDRESS`.
    RANGE,
    OPEN,
    CLOSE,
    COMMA,
    SEMICOLON,
    /// The end of the file.
    END
  }

  String text() {
    return value.text();
  }

  Place place() {
    return value.place();
  }

  boolean is(String keyword) {
    return kind == Kind.WORD && text().equals(keyword);
  }
}
