package espd.daemon.setkey;

/// A word of setkey's language. Its text stays in the octets it was read from, for it may be a key.
///
/// @param kind what it is
/// @param from its first octet
/// @param to behind its last octet
/// @param line of its end, 1 for the first: what setkey's messages name
/// @param column of its begin, 1 for the first
record Token(Kind kind, int from, int to, int line, int column) {

  /// What a word is.
  enum Kind {
    /// A word that the language reserves.
    RESERVED,
    /// An algorithm, which is a word of its own only behind `-A` and `-E`.
    ALGORITHM,
    /// Any other word: an address, a protocol, type and code.
    WORD,
    /// A number in decimal digits.
    DECIMAL,
    /// A number or key: `0x` and hexadecimal digits.
    HEX,
    /// What stands between double quotes, the quotes included.
    QUOTED,
    /// `-m`, `-lh` and their like.
    FLAG,
    /// `-n`, `-4`, `-6`, or several of them.
    FAMILY,
    /// All between `-P` and `;`.
    POLICY,
    /// `/`.
    SLASH,
    /// `[`.
    OPEN,
    /// `]`.
    CLOSE,
    /// `;`.
    END,
    /// The end of the text.
    EOF
  }
}
