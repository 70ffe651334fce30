package espd.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Our systemd unit, and a program that does with it what systemd would, as far as that goes
/// without systemd as the first process.
public final class Unit {

  private static final String PYTHON = "/usr/bin/python3";

  private Unit() {}

  /// {@return the command that runs `espd` as the unit says, under the user `nobody`; it takes the
  /// further arguments of `espd run`, and its output has the process's number and all that the
  /// process tells its service manager}
  public static List<String> command(Host host, Path unit, Path espd) throws IOException {
    Path script = host.directory().resolve("unit.py");
    Files.writeString(script, Resource.text("unit.py"));
    return List.of(PYTHON, script.toString(), unit.toString(), "nobody", espd.toString(), "run");
  }
}
