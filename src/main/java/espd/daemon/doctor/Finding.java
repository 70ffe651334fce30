package espd.daemon.doctor;

import espd.tun.HostException;
import java.util.Locale;

/// What was seen of one thing.
///
/// @param level how grave it is
/// @param subject what was looked at, a word or two
/// @param seen what was seen, one line
/// @param mend what to do, a command where there is one; empty where nothing needs to be done
public record Finding(Level level, String subject, String seen, String mend) {

  /// How grave a finding is.
  public enum Level {
    /// As it should be.
    OK,
    /// A daemon runs, but not all is well.
    WARN,
    /// A daemon does not run, or does not protect.
    FAIL;

    /// {@return `ok`, `warn` or `fail`}
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// {@return that it is as it should be}
  static Finding ok(String subject, String seen) {
    return new Finding(Level.OK, subject, seen, "");
  }

  /// {@return that not all is well}
  static Finding warn(String subject, String seen, String mend) {
    return new Finding(Level.WARN, subject, seen, mend);
  }

  /// {@return that a daemon cannot do its work}
  static Finding fail(String subject, String seen, String mend) {
    return new Finding(Level.FAIL, subject, seen, mend);
  }

  /// {@return what the host refused, as it said it}
  static Finding refused(Level level, String subject, HostException refusal) {
    return new Finding(level, subject, refusal.refused(), refusal.remedy());
  }
}
