package espd.daemon.cli;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.config.Problem;
import espd.daemon.config.Warning;
import espd.daemon.control.Section;
import espd.daemon.control.SectionJson;
import espd.ike.Connection;
import espd.spd.Ipv6Address;
import espd.spd.OuterTraffic;
import espd.spd.Selector;
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
    description = "Reads configuration files and shows every error and warning; starts nothing.",
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

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "ipsec.conf or ipsec.secrets.")
  private List<Path> files = new ArrayList<>();

  CheckCommand() {}

  @Override
  public Integer call() throws ConfigException {
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      return json(out);
    }
    Configuration read = Configuration.read(files, host());
    read.warnings().forEach(out::println);
    read.connections()
        .forEach(
            each ->
                out.println(
                    each.name()
                        + ": "
                        + each.local()
                        + "..."
                        + each.remote().map(Ipv6Address::toString).orElse("%any")
                        + " "
                        + each.mode()
                        + looks(each.outerTraffic())));
    read.shunts().forEach(each -> out.println(each.name() + ": " + each.processing()));
    out.flush();
    return Exit.DONE;
  }

  private int json(PrintWriter out) {
    Section.Builder all = Section.builder();
    boolean good = true;
    try {
      Configuration read = Configuration.read(files, host());
      Section.Builder connections = Section.builder();
      read.connections().forEach(each -> connections.section(each.name(), section(each)));
      all.section("connections", connections.build());
      all.items("warnings", read.warnings().stream().map(Warning::toString).toList());
    } catch (ConfigException e) {
      all.items("problems", e.problems().stream().map(Problem::toString).toList());
      good = false;
    }
    out.println(SectionJson.of(all.text("success", good ? "yes" : "no").build()));
    out.flush();
    return good ? Exit.DONE : Exit.FAILED;
  }

  private static Section section(Connection connection) {
    return Section.builder()
        .text("local", connection.local())
        .text("remote", connection.remote().map(Ipv6Address::toString).orElse("%any"))
        .text("mode", connection.mode())
        .text("start", connection.start())
        .items("selectors", connection.selectors().stream().map(Selector::toString).toList())
        .build();
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
