package espd.daemon.setkey;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any octets as setkey's language: a target for Jazzer, which calls [#fuzzerTestOneInput], and for
/// [SetkeyFuzzTest].
public final class SetkeyFuzz {

  private SetkeyFuzz() {}

  /// Reads what people may have written. A policy that was read is written and read again as the
  /// same, for that is how it is kept; every error stands within the text.
  ///
  /// @param data the text
  /// @throws IllegalStateException when it is not the same
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      for (Statement statement : SetkeyParser.all(data)) {
        within(statement.where(), data);
        if (statement instanceof Statement.SpdAdd(Where _, SetkeyPolicy policy)) {
          new Ties().policy(policy);
          same(policy);
        }
        statement.discard();
      }
    } catch (SetkeyException e) {
      Fault fault = e.fault();
      if (fault.line() < 1 || fault.column() < 1 || fault.line() > fault.setkeyLine()) {
        throw new IllegalStateException(fault + ", line " + fault.line(), e);
      }
    }
  }

  private static void within(Where where, byte[] data) {
    if (where.from() < 0 || where.to() > data.length || data[where.to() - 1] != ';') {
      throw new IllegalStateException("not within the text: " + where);
    }
  }

  private static void same(SetkeyPolicy policy) throws SetkeyException {
    PolicyTable table = new PolicyTable(List.of(policy));
    byte[] written = table.text().getBytes(StandardCharsets.US_ASCII);
    Statement again = SetkeyParser.all(written).getFirst();
    if (!(again instanceof Statement.SpdAdd(Where _, SetkeyPolicy read)) || !read.equals(policy)) {
      throw new IllegalStateException(policy + " was written and read as " + again);
    }
  }
}
