// The status page: asks for the state each second and shows it.

import { Chart, quietSvg, spark } from "./chart.js";
import { Histories, MINUTES, NOTHING } from "./history.js";
import { read } from "./state.js";
import { Table, write } from "./tables.js";
import { count, scaled, span, time } from "./units.js";

const EVERY_MILLIS = 1000;
const PATIENCE_MILLIS = 5000;
/// Words beside a chart are for those who do not see it; a reader is not to be hurried.
const WORDS_EVERY_MILLIS = 5000;

const byId = (id) => document.getElementById(id);
const bits = (value) => scaled(value, "bit/s");
const packets = (value) => scaled(value, "pkt/s");
const DIRECTIONS = [["in", "inbound"], ["out", "outbound"]];

const tables = {
  sas: new Table(byId("child-sas"), "No Child SA is up."),
  ikeSas: new Table(byId("ike-sas"), "No IKE SA is up."),
  connections: new Table(byId("connections"), "No connection is configured."),
  drops: new Table(byId("drops"), "Nothing was dropped."),
  events: new Table(byId("events"), "Nothing happened yet."),
};
const charts = [
  { chart: new Chart(byId("bits"), "bits", bits), words: byId("bits-words") },
  { chart: new Chart(byId("packets"), "packets", packets), words: byId("packets-words") },
];
const chosen = byId("chosen");
const histories = new Histories();
const sparks = new Map();
const dropRates = new Map();
let state = null;
let wordsAt = 0;

async function ask() {
  const answer = await fetch("/status.json", { signal: AbortSignal.timeout(PATIENCE_MILLIS) });
  if (!answer.ok) throw new Error(`the daemon answers ${answer.status}`);
  return read(await answer.json());
}

async function look() {
  const begun = performance.now();
  try {
    const next = await ask();
    show(next);
    link("live", "Live");
  } catch (failure) {
    link("lost", `No figures from espd (${failure.message}); trying again`);
  }
  setTimeout(look, Math.max(100, EVERY_MILLIS - (performance.now() - begun)));
}

function link(data, words) {
  const element = byId("link");
  element.dataset.state = data;
  write(element, words);
}

function show(next) {
  countDrops(state, next);
  histories.read(next.now, next.sas);
  state = next;
  showHead();
  showNow();
  showChoice();
  showCharts();
  showSas();
  showIkeSas();
  showConnections();
  showDrops();
  showEvents();
}

function countDrops(before, after) {
  const seconds = before ? (after.now - before.now) / 1000 : 0;
  if (before && seconds <= 0) return;
  dropRates.clear();
  for (const drop of after.drops) {
    const then = before?.drops.find((each) => each.key === drop.key)?.packets ?? (before ? 0 : drop.packets);
    dropRates.set(drop.key, seconds ? Math.max(0, drop.packets - then) / seconds : 0);
  }
}

function showHead() {
  const up = state.connections.filter((conn) => conn.state === "up").length;
  const title = `espd: ${up} of ${state.connections.length} connections up`;
  if (document.title !== title) document.title = title;
  write(byId("program"), `${state.version.version} on ${state.version.sysname} ${state.version.release}`);
  const rings = state.rings.map(([name, used]) => `${name} ring ${used}`).join(", ");
  write(byId("host"), `Listening at ${state.listening.join(", ") || "no address"}. ${rings}`);
}

function showNow() {
  const rate = histories.total.now();
  const cleartext = state.stats.cleartext;
  const dropped = cleartext.dropped === "yes";
  const drops = [...dropRates.values()].reduce((sum, each) => sum + each, 0);
  tile("in", "Coming in", bits(rate.in.bits), packets(rate.in.packets), "in");
  tile("out", "Going out", bits(rate.out.bits), packets(rate.out.packets), "out");
  tile("drops", "Dropped", packets(drops), `${count(state.drops.reduce((n, d) => n + d.packets, 0))} in all`);
  const sas = state.stats.ikesas;
  tile("sas", "Child SAs", String(state.sas.length), `${sas.total} IKE SAs, ${sas["half-open"]} half-open`);
  tile("clear", "Cleartext", dropped ? "is dropped" : "is NOT dropped", cleartext.detail, dropped ? "good" : "bad");
  tile("engine", "Engine", state.stats.plugins[0], `${state.stats.workers.total} worker threads`);
  tile("uptime", "Running", span((state.now - Date.parse(state.stats.uptime.since)) / 1000),
    `since ${time(Date.parse(state.stats.uptime.since), state.now)}`);
}

function tile(key, name, value, detail, className = "") {
  let element = byId(`now-${key}`);
  if (!element) {
    element = document.createElement("div");
    element.id = `now-${key}`;
    for (const part of ["dt", "dd", "dd"]) element.append(document.createElement(part));
    element.lastChild.className = "detail";
    byId("now").append(element);
  }
  write(element.children[0], name);
  write(element.children[1], value);
  if (element.children[1].className !== className) element.children[1].className = className;
  write(element.children[2], detail);
}

/// The choice follows the SAs; one that is gone gives way to all.
function showChoice() {
  const wanted = new Map([["", "all SAs"]]);
  for (const sa of state.sas) wanted.set(sa.key, `${sa.connection}{${sa.id}} ${sa.spi.in} in, ${sa.spi.out} out`);
  for (const option of [...chosen.options]) if (!wanted.has(option.value)) option.remove();
  for (const [value, words] of wanted) {
    if (![...chosen.options].some((option) => option.value === value)) chosen.add(new Option(words, value));
  }
}

function showCharts() {
  const history = histories.of(chosen.value);
  const say = state.now - wordsAt >= WORDS_EVERY_MILLIS;
  if (say) wordsAt = state.now;
  for (const { chart, words } of charts) {
    chart.show(history, state.now);
    if (say) write(words, summary(chart, history.now()));
  }
}

function summary(chart, now) {
  const one = ([direction, name]) =>
    `${name} ${chart.text(now[direction][chart.unit])}, at most ${chart.text(chart.most(direction))}`;
  return `Now ${DIRECTIONS.map(one).join("; ")} in the last ${MINUTES} minutes.`;
}

function showSas() {
  for (const key of sparks.keys()) {
    if (!state.sas.some((sa) => key.startsWith(sa.key))) sparks.delete(key);
  }
  tables.sas.show(state.sas.flatMap((sa) => DIRECTIONS.map((direction, index) => saRow(sa, direction, index))));
}

function saRow(sa, [direction, name], index) {
  const key = `${sa.key} ${direction}`;
  const counters = sa.counters[direction];
  const history = histories.of(sa.key);
  const rate = (history.now() ?? NOTHING)[direction];
  if (!sparks.has(key)) sparks.set(key, quietSvg());
  spark(sparks.get(key), history, direction, state.now);
  const used = counters.used === undefined ? "never used" : `used ${span(counters.used)} ago`;
  const old = sa.state !== "INSTALLED";
  return {
    key,
    className: [index ? "same" : "", old ? "old" : ""].filter(Boolean).join(" "),
    cells: [
      { text: `${sa.connection}{${sa.id}}`, second: old ? sa.state.toLowerCase() : used },
      { text: name, className: direction },
      { text: sa.spi[direction], className: "mono" },
      { text: sa.mode, className: "nowrap" },
      { text: sa.suite, className: "nowrap" },
      counters.sequence === undefined ? "" : count(counters.sequence),
      count(counters.packets),
      { text: count(counters.bytes), second: scaled(counters.bytes, "B") },
      { text: bits(rate.bits), second: packets(rate.packets) },
      { node: sparks.get(key) },
      span(sa.age),
      { text: remaining(sa.rekey), second: remaining(sa.expires) },
      { text: sa.peer.host, second: `port ${sa.peer.port}${mtu(sa, direction)}`, className: "wide" },
    ],
  };
}

const remaining = (seconds) => (seconds === undefined ? "never" : span(seconds));
const mtu = (sa, direction) => (direction === "out" && sa.pathMtu ? `, path MTU ${sa.pathMtu}` : "");

function showIkeSas() {
  tables.ikeSas.show(state.ikeSas.map((sa) => ({
    key: sa.id,
    cells: [
      `${sa.connection}[${sa.id}]`,
      { text: sa.state.toLowerCase(), className: sa.state === "ESTABLISHED" ? "nowrap good" : "nowrap" },
      { text: sa.remote.identity || "not known yet", className: "wide anywhere" },
      { text: `${sa.local.host} … ${sa.remote.host}`, second: `ports ${sa.local.port} … ${sa.remote.port}`, className: "wide" },
      {
        text: `i ${sa.spis[0]}${sa.initiator ? " ours" : ""}`,
        second: `r ${sa.spis[1]}${sa.initiator ? "" : " ours"}`,
        className: "mono",
      },
      { text: sa.suite, className: "wide" },
      sa.age === undefined ? "" : span(sa.age),
      remaining(sa.rekey),
    ],
  })));
}

function showConnections() {
  tables.connections.show(state.connections.map((conn) => ({
    key: conn.name,
    cells: [
      conn.name,
      { text: conn.state, className: conn.state === "up" ? "good" : "" },
      conn.mode,
      { text: conn.hosts, className: "wide" },
      { text: conn.local, className: "wide" },
      { text: conn.remote, className: "wide" },
    ],
  })));
}

function showDrops() {
  const drops = state.drops.toSorted((a, b) => dropRates.get(b.key) - dropRates.get(a.key) || b.packets - a.packets);
  tables.drops.show(drops.map((drop) => ({
    key: drop.key,
    className: dropRates.get(drop.key) > 0 ? "bad" : "",
    cells: [
      drop.direction,
      drop.reason.replaceAll("_", " ").toLowerCase(),
      count(drop.packets),
      scaled(dropRates.get(drop.key) ?? 0, ""),
    ],
  })));
}

function showEvents() {
  tables.events.show(state.events.toReversed().map((event) => ({
    key: event.key,
    className: event.weight === "warning" ? "bad" : "",
    cells: [
      { text: time(Number(event["at-millis"]), state.now), className: "nowrap" },
      event.connection,
      { text: event.text, className: "anywhere" },
    ],
  })));
}

chosen.addEventListener("change", () => {
  wordsAt = 0;
  if (state) showCharts();
});
look();
