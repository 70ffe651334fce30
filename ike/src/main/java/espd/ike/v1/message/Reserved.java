package espd.ike.v1.message;

import espd.ike.message.MalformedException;

/// Fields that have to be zero (RFC 2408 §5.3 to §5.5).
final class Reserved {

  private Reserved() {}

  static void expectZero(int field, String where) throws MalformedException {
    if (field != 0) {
      throw new MalformedException("reserved field " + field + " in " + where);
    }
  }
}
