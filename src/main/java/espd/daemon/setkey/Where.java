package espd.daemon.setkey;

/// Where a statement stands.
///
/// @param line of its first word, 1 for the first
/// @param column of its first word, 1 for the first
/// @param endLine of its `;`, which setkey's messages name
/// @param from the first octet of its text
/// @param to behind its `;`
public record Where(int line, int column, int endLine, int from, int to) {}
