package espd.daemon.cli;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.lint.AlgorithmRank;
import espd.daemon.lint.Lint;
import espd.daemon.lint.Remark;
import espd.daemon.racoon.ConfigurationFiles;
import espd.ike.Connection;
import espd.spd.Ipv6Address;
import espd.spd.OuterTraffic;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `espd check`: reads configuration files and says what is wrong with them; nothing is started.
@Command(
    name = "check",
    description = {
      "Reads configuration files and shows every error and warning; starts nothing.",
      "Exit code 1 for an error, 0 for warnings."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private Json json = new Json();

  @Option(
      names = "--local",
      paramLabel = "ADDRESS",
      description = "Read as the host with this address would, not as this one; may be repeated.")
  private List<String> locals = new ArrayList<>();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "ipsec.conf, ipsec.secrets or swanctl.conf.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--verbose",
      description = "Also every algorithm with its level in RFC 8247 and RFC 8221.")
  private boolean verbose;

  @Option(names = "--strict", description = "Exit code 1 for a warning, too.")
  private boolean strict;

  CheckCommand() {}

  @Override
  public Integer call() throws ConfigException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Configuration read = ConfigurationFiles.read(files, host());
      List<Remark> remarks = Lint.all(read, files);
      if (json.isWanted()) {
        out.println(CheckJson.of(read, remarks));
      } else {
        show(read, remarks, out);
      }
      out.flush();
      boolean spotless = read.warnings().isEmpty() && remarks.isEmpty();
      return strict && !spotless ? Exit.FAILED : Exit.DONE;
    } catch (ConfigException e) {
      if (!json.isWanted()) {
        throw e;
      }
      out.println(CheckJson.of(e.problems()));
      out.flush();
      return Exit.FAILED;
    }
  }

  private void show(Configuration read, List<Remark> remarks, PrintWriter out) {
    read.warnings().forEach(out::println);
    remarks.forEach(out::println);
    for (Connection each : read.connections()) {
      out.println(line(each));
      if (verbose) {
        AlgorithmRank.of(each).forEach(rank -> out.println(line(rank)));
      }
    }
    read.shunts().forEach(each -> out.println(each.name() + ": " + each.processing()));
  }

  /// {@return a connection in a line}
  static String line(Connection connection) {
    return "%s: %s...%s %s%s"
        .formatted(
            connection.name(),
            connection.local(),
            remote(connection),
            connection.mode(),
            looks(connection.outerTraffic()));
  }

  private static String line(AlgorithmRank rank) {
    String bits = rank.strengthBits() == 0 ? "" : rank.strengthBits() + " bits";
    return "  %s %-9s  %-18s  %8s  %-10s  %s"
        .formatted(rank.protocol(), rank.kind(), rank.name(), bits, rank.level(), rank.source());
  }

  /// {@return the peer's address in the words of the file}
  static String remote(Connection connection) {
    return connection.remote().map(Ipv6Address::toString).orElse("%any");
  }

  /// {@return what differs from the usual in how packets look, in the words of the file}
  private static String looks(OuterTraffic outer) {
    OuterTraffic usual = OuterTraffic.DEFAULT;
    StringBuilder text = new StringBuilder();
    if (outer.padToOctets() != usual.padToOctets()) {
      boolean fills = outer.padToOctets() == OuterTraffic.PATH_MTU;
      text.append(" tfc=").append(fills ? "%mtu" : outer.padToOctets());
    }
    if (outer.dummiesPerSecond() != usual.dummiesPerSecond()) {
      text.append(" tfc-dummies=").append(outer.dummiesPerSecond());
    }
    if (outer.encapsulatesDscp() != usual.encapsulatesDscp()) {
      text.append(" encap-dscp=no");
    }
    if (outer.decapsulatesDscp() != usual.decapsulatesDscp()) {
      text.append(" decap-dscp=yes");
    }
    return text.toString();
  }

  private HostView host() {
    if (locals.isEmpty()) {
      return HostView.ofThisHost();
    }
    try {
      List<Ipv6Address> all = locals.stream().map(Ipv6Address::parse).toList();
      return HostView.of(all.getFirst(), all.subList(1, all.size()).toArray(new Ipv6Address[0]));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--local: " + e.getMessage(), e);
    }
  }
}
