// The document of /status.json as the page wants it: numbers as numbers, both directions of a Child
// SA with what the SAD says of them.

const entries = (section) => Object.entries(section ?? {});
const number = (text) => (text === undefined ? undefined : Number(text));

/// `{now, version, stats, listening, rings, connections, ikeSas, sas, drops, events}`
export function read(document) {
  const ikeSas = entries(document["ike-sas"]).flatMap(([id, named]) =>
    entries(named).map(([connection, sa]) => ikeSa(id, connection, sa)));
  return {
    now: Number(document["now-millis"]),
    version: document.version,
    stats: document.stats,
    listening: document.listening,
    rings: entries(document.rings),
    ikeSas,
    sas: ikeSas.flatMap((sa) => sa.children.map((child) => childSa(sa, child, document.sad))),
    connections: entries(document.connections).flatMap(([name, named]) =>
      entries(named).map(([ike, conn]) => connection(name, ike, conn, ikeSas))),
    drops: entries(document.stats.drops).map(([name, packets]) => drop(name, Number(packets))),
    events: entries(document.events).map(([key, event]) => ({ key, ...event })),
  };
}

function ikeSa(id, connection, sa) {
  return {
    id,
    connection,
    state: sa.state,
    initiator: sa.initiator === "yes",
    local: { host: sa["local-host"], port: sa["local-port"], identity: sa["local-id"] },
    remote: { host: sa["remote-host"], port: sa["remote-port"], identity: sa["remote-id"] },
    spis: [sa["initiator-spi"], sa["responder-spi"]],
    suite: ["encr-alg", "encr-keysize", "integ-alg", "prf-alg", "dh-group"]
      .filter((name) => sa[name]).map((name) => sa[name]).join(" "),
    age: number(sa.established),
    rekey: number(sa["rekey-time"]),
    children: Object.values(sa["child-sas"] ?? {}),
  };
}

function childSa(ike, child, sad) {
  const spi = { in: `0x${child["spi-in"]}`, out: `0x${child["spi-out"]}` };
  const known = {
    in: sad[`inbound ${spi.in}`] ?? {},
    out: sad[`outbound ${spi.out} ${ike.remote.host}`] ?? {},
  };
  const counters = (direction) => ({
    bytes: Number(child[`bytes-${direction}`]),
    packets: Number(child[`packets-${direction}`]),
    sequence: number(known[direction].sequence),
    used: number(child[`use-${direction}`]),
  });
  return {
    key: `${child.name} ${child.uniqueid} ${spi.in} ${spi.out}`,
    connection: child.name,
    id: child.uniqueid,
    state: child.state,
    mode: child.mode.toLowerCase() + (child.encap ? " in UDP" : ""),
    suite: known.in.suite ?? "",
    pathMtu: known.out["path-mtu"],
    spi,
    counters: { in: counters("in"), out: counters("out") },
    age: number(child["install-time"]),
    rekey: number(child["rekey-time"]),
    expires: number(child["life-time"]),
    peer: ike.remote,
  };
}

/// @param ike the name of its IKE SAs; others may share it
function connection(name, ike, conn, ikeSas) {
  const [[childName, child]] = entries(conn.children);
  const own = ikeSas.filter((sa) => sa.connection === ike);
  const up = own.flatMap((sa) => sa.children)
    .some((each) => each.name === childName && each.state === "INSTALLED");
  const asking = own.some((sa) => sa.state === "CONNECTING");
  return {
    name,
    state: up ? "up" : asking ? "connecting" : "down",
    mode: child.mode.toLowerCase(),
    hosts: `${conn.local_addrs.join(", ")} … ${conn.remote_addrs.join(", ")}`,
    local: child["local-ts"].join(", "),
    remote: child["remote-ts"].join(", "),
  };
}

function drop(name, packets) {
  const blank = name.indexOf(" ");
  return { key: name, direction: name.slice(0, blank), reason: name.slice(blank + 1), packets };
}
