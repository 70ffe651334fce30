package espd.daemon.doctor;

import java.util.List;

/// Whether the Java machine is one that espd is for.
///
/// @param version as it calls itself
/// @param feature its number, as 25
/// @param nativeAccess whether it lets espd call native code without a word
record JavaCheck(String version, int feature, boolean nativeAccess) implements Check {

  private static final String SUBJECT = "java";
  private static final int LEAST = 25;

  @Override
  public List<Finding> findings() {
    if (feature < LEAST) {
      return List.of(
          Finding.fail(
              SUBJECT, version + " is too old", "install a JDK " + LEAST + " (openjdk-25-jre)"));
    }
    if (!nativeAccess) {
      return List.of(
          Finding.warn(
              SUBJECT,
              version + " warns of each library that calls native code",
              "start it with --enable-native-access=ALL-UNNAMED, as scripts/espd does"));
    }
    return List.of(Finding.ok(SUBJECT, version + ", native access enabled"));
  }
}
