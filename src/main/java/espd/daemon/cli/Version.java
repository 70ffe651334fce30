package espd.daemon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// The program's version, as its jar says.
public final class Version implements IVersionProvider {

  private static final String PROPERTIES = "/META-INF/maven/espd/espd/pom.properties";

  /// Made by picocli.
  public Version() {}

  /// {@return the version, or `development` where there is no jar}
  public static String text() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unknown";
    }
    return properties.getProperty("version", "development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"espd " + text()};
  }
}
