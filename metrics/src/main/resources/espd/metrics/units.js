// Figures as people read them.

const THIN = "\u202f";
const STEPS = ["", "k", "M", "G", "T", "P"];

/// 1234567, "bit/s" -> "1.23 Mbit/s"
export function scaled(value, unit) {
  let step = 0;
  let rest = value;
  while (rest >= 999.5 && step < STEPS.length - 1) {
    rest /= 1000;
    step++;
  }
  const digits = step === 0 && Number.isInteger(rest) ? 0 : rest >= 99.5 ? 0 : rest >= 9.95 ? 1 : 2;
  return `${rest.toFixed(digits)}${THIN}${STEPS[step]}${unit}`;
}

/// 1234567 -> "1 234 567"
export function count(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, THIN);
}

/// A span in its two largest units: "2 h 03 min".
export function span(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  if (s < 60) return `${s}${THIN}s`;
  if (s < 3600) return `${Math.floor(s / 60)}${THIN}min ${two(s % 60)}${THIN}s`;
  if (s < 86400) return `${Math.floor(s / 3600)}${THIN}h ${two(Math.floor((s % 3600) / 60))}${THIN}min`;
  return `${Math.floor(s / 86400)}${THIN}d ${Math.floor((s % 86400) / 3600)}${THIN}h`;
}

/// The time of day here, of milliseconds since the epoch; with the date where it is not today's.
export function time(millis, nowMillis) {
  const at = new Date(millis);
  const clock = at.toLocaleTimeString("en-GB");
  const today = at.toDateString() === new Date(nowMillis).toDateString();
  return today ? clock : `${at.toLocaleDateString("en-CA")} ${clock}`;
}
