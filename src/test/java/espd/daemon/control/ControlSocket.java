package espd.daemon.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A control socket of a daemon that is none, made anew for each test.
class ControlSocket {

  @TempDir Path folder;
  final FakeOperations operations = new FakeOperations(List.of());
  Path socket = Path.of("");
  private ControlServer server;

  @BeforeEach
  void open() throws IOException {
    socket = folder.resolve("espd.ctl");
    server = ControlServer.open(socket, operations);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }
}
