package espd.daemon.setkey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The policies that setkey's command has made, in a file beside the control socket: a kernel would
/// keep them until the host starts anew, whether or not a daemon runs. SAs are not kept, for keys
/// never go to a disk.
///
/// @param file in setkey's language, for its owner only; there is none where there is no policy
public record KeptPolicies(Path file) {

  /// What the file's name has behind that of the socket.
  public static final String SUFFIX = ".spd";

  /// {@return the file beside a control socket}
  public static KeptPolicies beside(Path control) {
    return new KeptPolicies(Path.of(control + SUFFIX));
  }

  /// {@return the policies that are kept; none where there is no file}
  ///
  /// @throws IOException when it cannot be read
  public PolicyTable read() throws IOException {
    PolicyTable table = new PolicyTable();
    try {
      SetkeyParser.all(Files.readAllBytes(file)).forEach(table::perform);
      return table;
    } catch (NoSuchFileException e) {
      return table;
    } catch (SetkeyException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// Keeps these policies and no others.
  ///
  /// @throws IOException when they cannot be written; those before are kept then
  public void write(List<SetkeyPolicy> policies) throws IOException {
    if (policies.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
    Path next =
        Files.createTempFile(
            folder,
            ".spd",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(next, new PolicyTable(policies).text(), StandardCharsets.US_ASCII);
      Files.move(next, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
    }
  }
}
