// Rates drawn as SVG: what comes in above the line, what goes out below it.

import { MINUTES } from "./history.js";

const SVG = "http://www.w3.org/2000/svg";
const SPAN = MINUTES * 60_000;
const LEFT = 76;
const BOTTOM = 18;
const TOP = 6;

function element(parent, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

/// The least of 1, 2, 5, 10, 20 … that is not below `value`.
function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((m) => m * power).find((m) => m >= value * 0.999999);
}

const digits = (value) => value.toFixed(1);

/// A path through the samples, with breaks where the page got no figures for a while.
function paths(samples, x, y, base) {
  let line = "";
  let area = "";
  let start = null;
  let before = null;
  const close = () => {
    if (before) area += `L${digits(x(before.at))} ${base}L${digits(x(start.at))} ${base}Z`;
  };
  for (const sample of samples) {
    const point = `${digits(x(sample.at))} ${digits(y(sample))}`;
    const joined = before && sample.at - before.at < 5000;
    if (!joined) {
      close();
      start = sample;
    }
    line += (joined ? "L" : "M") + point;
    area += (joined ? "L" : "M") + point;
    before = sample;
  }
  close();
  return { line, area };
}

/// One chart. `text` turns a value of `unit` into words.
export class Chart {
  constructor(svg, unit, text) {
    this.svg = svg;
    this.unit = unit;
    this.text = text;
    this.pointer = null;
    this.samples = [];
    this.now = 0;
    svg.addEventListener("pointermove", (event) => this.point(event.offsetX));
    svg.addEventListener("pointerleave", () => this.point(null));
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  point(at) {
    this.pointer = at;
    this.draw();
  }

  show(history, nowMillis) {
    this.samples = history.samples.filter((sample) => sample.at >= nowMillis - SPAN);
    this.now = nowMillis;
    this.draw();
  }

  most(direction) {
    return this.samples.reduce((most, sample) => Math.max(most, sample[direction][this.unit]), 0);
  }

  draw() {
    const width = this.svg.clientWidth;
    const height = this.svg.clientHeight;
    if (!width || !height) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.replaceChildren();
    const middle = (TOP + height - BOTTOM) / 2;
    const half = middle - TOP;
    const top = round(Math.max(this.most("in"), this.most("out"), 1));
    const x = (millis) => LEFT + (1 - (this.now - millis) / SPAN) * (width - LEFT - 4);
    this.axes({ width, height, middle, half, top, x });
    for (const [direction, sign] of [["in", -1], ["out", 1]]) {
      const y = (sample) => middle + (sign * half * sample[direction][this.unit]) / top;
      const { line, area } = paths(this.samples, x, y, middle);
      element(this.svg, "path", { class: `area ${direction}`, d: area });
      element(this.svg, "path", { class: `line ${direction}`, d: line });
    }
    this.cursor({ width, height, x });
  }

  axes({ width, height, middle, half, top, x }) {
    for (const step of [-1, -0.5, 0, 0.5, 1]) {
      const y = middle - step * half;
      element(this.svg, "line", { class: step ? "grid" : "axis", x1: LEFT, x2: width - 4, y1: y, y2: y });
      const words = step ? this.text(Math.abs(step) * top) : "0";
      element(this.svg, "text", { x: LEFT - 8, y: Math.max(y + 4, 10), "text-anchor": "end" }, words);
    }
    element(this.svg, "text", { x: LEFT + 4, y: TOP + 12, class: "in" }, "in");
    element(this.svg, "text", { x: LEFT + 4, y: height - BOTTOM - 5, class: "out" }, "out");
    const step = width < 420 ? MINUTES : 1;
    for (let minute = 0; minute <= MINUTES; minute += step) {
      const at = x(this.now - minute * 60_000);
      const anchor = minute === 0 ? "end" : minute === MINUTES ? "start" : "middle";
      const words = minute === 0 ? "now" : `−${minute} min`;
      element(this.svg, "text", { x: at, y: height - 3, "text-anchor": anchor }, words);
    }
  }

  /// What was under the pointer.
  cursor({ width, height, x }) {
    if (this.pointer === null || this.samples.length === 0) return;
    const distance = (sample) => Math.abs(x(sample.at) - this.pointer);
    const nearest = this.samples.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    const at = x(nearest.at);
    element(this.svg, "line", { class: "cursor", x1: at, x2: at, y1: TOP, y2: height - BOTTOM });
    const right = at > width / 2;
    const place = { x: at + (right ? -6 : 6), "text-anchor": right ? "end" : "start" };
    element(this.svg, "text", { ...place, y: TOP + 12 }, `in ${this.text(nearest.in[this.unit])}`);
    element(this.svg, "text", { ...place, y: height - BOTTOM - 5 }, `out ${this.text(nearest.out[this.unit])}`);
  }
}

/// A line without axes, of one direction's bits: 112 by 24.
export function spark(svg, history, direction, nowMillis) {
  const samples = history.samples;
  const top = samples.reduce((most, sample) => Math.max(most, sample[direction].bits), 1);
  const x = (millis) => 112 * (1 - (nowMillis - millis) / SPAN);
  const y = (sample) => 22 - (20 * sample[direction].bits) / top;
  const { line, area } = paths(samples, x, y, 23);
  svg.setAttribute("viewBox", "0 0 112 24");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.replaceChildren();
  element(svg, "path", { class: `area ${direction}`, d: area });
  element(svg, "path", { class: `line ${direction}`, d: line });
}

/// An SVG that says nothing by itself: its words stand beside it.
export function quietSvg() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}
