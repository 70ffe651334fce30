package espd.daemon.control;

import espd.daemon.control.Operations.Outcome;
import espd.ike.pool.Pools;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Remembers what it was told, and refuses what is named `bad`.
public final class FakeLoading implements Loading {

  final List<String> told = new ArrayList<>();
  private final Pools pools = new Pools();

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
  public Outcome loadShared(String id, List<String> owners, KeyMaterial secret) {
    told.add(owners + " " + secret.use(octets -> HexFormat.of().formatHex(octets)));
    return told("secret " + id);
  }

  @Override
  public Outcome unloadShared(String id) {
    return told("forget " + id);
  }

  @Override
  public List<String> shared() {
    return List.of("psk-1");
  }

  @Override
  public Outcome clearShared() {
    return told("forget all");
  }

  @Override
  public Pools pools() {
    return pools;
  }
}
