package espd.daemon.pluto;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/// Where the command `ipsec` runs.
///
/// @param control the daemon's control socket
/// @param out for what it says
/// @param err for what it complains about
/// @param environment the variables of the shell: `IPSEC_CONFS`, `ESPD_PROGRAM`, `ESPD_LOG`
/// @param version of the program
public record Surroundings(
    Path control,
    PrintWriter out,
    PrintWriter err,
    Map<String, String> environment,
    String version) {

  /// Copies the map.
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /// Prints a line.
  void say(String format, Object... values) {
    out.printf(format + "%n", values);
    out.flush();
  }

  /// Prints a line of complaint.
  void complain(String format, Object... values) {
    err.printf(format + "%n", values);
    err.flush();
  }
}
