package espd.daemon.control;

import espd.daemon.control.Operations.Outcome;
import espd.ike.pool.Pools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Remembers what it was told, and refuses what is named `bad`.
public final class FakeLoading implements Loading {

  final List<String> told = new ArrayList<>();
  private final Pools pools = new Pools();
  private final FakeCredentials credentials = new FakeCredentials(told);

  /// {@return all that it was told}
  public List<String> told() {
    return told;
  }

  private Outcome told(String what) {
    told.add(what);
    return what.endsWith(" bad") ? Outcome.failed(what + ": no") : Outcome.done("");
  }

  @Override
  public Outcome reload() {
    return told("reload");
  }

  @Override
  public Outcome withdraw(String connection) {
    return told("withdraw " + connection);
  }

  @Override
  public Outcome restore(String connection) {
    return told("restore " + connection);
  }

  @Override
  public Outcome load(String name, Map<String, List<String>> keys) {
    told.add(keys.toString());
    return told("load " + name);
  }

  @Override
  public Outcome unload(String name) {
    return told("unload " + name);
  }

  @Override
  public List<String> loaded() {
    return List.of("gw");
  }

  @Override
  public Outcome install(String connection) {
    return told("install " + connection);
  }

  @Override
  public Outcome uninstall(String connection) {
    return told("uninstall " + connection);
  }

  @Override
  public List<String> installed() {
    return List.of("p1-p2");
  }

  @Override
  public FakeCredentials credentials() {
    return credentials;
  }

  @Override
  public Pools pools() {
    return pools;
  }
}
