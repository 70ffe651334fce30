package espd;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may know whom.
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("espd");

  /// From a module to the modules it may know.
  private static final Map<String, List<String>> KNOWS =
      Map.of(
          "spd", List.of(),
          "metrics", List.of(),
          "tun", List.of("spd"),
          "dataplane", List.of("spd", "tun"),
          "ike", List.of("spd"),
          "daemon", List.of("spd", "tun", "dataplane", "ike", "metrics"));

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  private static String[] packages(List<String> modules) {
    return modules.stream().map(module -> "espd." + module + "..").toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spd", "metrics", "tun", "dataplane", "ike", "daemon"})
  void aModuleKnowsOnlyThoseBelowIt(String module) {
    List<String> strangers =
        KNOWS.keySet().stream()
            .filter(other -> !other.equals(module))
            .filter(other -> !KNOWS.getOrDefault(module, List.of()).contains(other))
            .toList();
    check(
        noClasses()
            .that()
            .resideInAPackage("espd." + module + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(packages(strangers)));
  }

  @Test
  void everyClassIsOfAModule() {
    check(
        classes()
            .that()
            .resideInAPackage("espd..")
            .should()
            .resideInAnyPackage(packages(List.copyOf(KNOWS.keySet()))));
  }

  @Test
  void theVocabularyDependsOnTheJdkOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage("espd.spd..")
            .should()
            .dependOnClassesThat(
                not(resideInAnyPackage("espd.spd..", "java..", "org.jspecify.annotations.."))));
  }

  @Test
  void onlyTunCallsTheOperatingSystem() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("espd.tun..")
            .should()
            .dependOnClassesThat(resideInAPackage("com.sun.jna..")));
  }

  @Test
  void onlyCiphersAndTheHostsCallsAreLinkedToTheJitsCode() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("espd.dataplane.esp", "espd.tun")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Linker.class, SymbolLookup.class)
            .because(
                "a packet has several calls of its cipher, and a batch of the host, which the"
                    + " linker makes in nanoseconds; whatever touches the host goes through"
                    + " espd.tun"));
  }

  @Test
  void onlyTheProgramReadsEnvironmentAndProperties() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("espd.daemon..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperties")
            .orShould()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class, String.class));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("espd.(**)").should().beFreeOfCycles());
  }

  @ParameterizedTest
  @CsvSource({
    "com.lmax.disruptor.., dataplane",
    "org.bouncycastle.., ike",
    "io.netty.., ike|metrics|daemon",
    "io.prometheus.., metrics",
    "picocli.., daemon",
    "ch.qos.logback.., daemon"
  })
  void everyLibraryHasItsHome(String library, String homes) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(packages(List.of(homes.split("\\|", -1))))
            .should()
            .dependOnClassesThat(resideInAPackage(library)));
  }
}
