package espd.daemon.cli;

/// The exit codes of the program.
public final class Exit {

  /// It is done.
  public static final int DONE = 0;

  /// It could not be done.
  public static final int FAILED = 1;

  /// The command line says nothing that can be done.
  public static final int USAGE = 2;

  /// No daemon answers at the control socket.
  public static final int UNREACHABLE = 3;

  private Exit() {}
}
