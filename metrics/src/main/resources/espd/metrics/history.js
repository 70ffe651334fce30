// What the last minutes were: rates from counters that were read about once a second.

/// How far back the page looks.
export const MINUTES = 5;

const MOST = MINUTES * 60 + 2;

/// The rates of one SA, one direction each in `in` and `out`.
export class History {
  constructor() {
    this.samples = [];
    this.last = null;
    this.lastAt = 0;
  }

  /// Takes the counters of one moment: `{in: {bytes, packets}, out: …}`.
  read(millis, counters) {
    const before = this.last;
    const seconds = (millis - this.lastAt) / 1000;
    if (before && seconds <= 0) return;
    this.last = counters;
    this.lastAt = millis;
    if (before) this.add(millis, rates(before, counters, seconds));
  }

  add(millis, sample) {
    this.samples.push({ at: millis, ...sample });
    if (this.samples.length > MOST) this.samples.shift();
  }

  now() {
    return this.samples.at(-1) ?? { at: 0, ...NOTHING };
  }
}

const SILENCE = { bits: 0, packets: 0 };
export const NOTHING = { in: SILENCE, out: SILENCE };

function rates(before, after, seconds) {
  const rate = (direction) => ({
    bits: Math.max(0, ((after[direction].bytes - before[direction].bytes) * 8) / seconds),
    packets: Math.max(0, (after[direction].packets - before[direction].packets) / seconds),
  });
  return { in: rate("in"), out: rate("out") };
}

/// The histories of all SAs and of their sum. An SA that is gone is forgotten; the sum keeps what it
/// carried.
export class Histories {
  constructor() {
    this.total = new History();
    this.bySa = new Map();
  }

  read(millis, sas) {
    for (const key of this.bySa.keys()) {
      if (!sas.some((sa) => sa.key === key)) this.bySa.delete(key);
    }
    const sum = { in: { bits: 0, packets: 0 }, out: { bits: 0, packets: 0 } };
    let grew = this.total.lastAt > 0 && millis > this.total.lastAt;
    for (const sa of sas) {
      if (!this.bySa.has(sa.key)) this.bySa.set(sa.key, new History());
      const history = this.bySa.get(sa.key);
      history.read(millis, sa.counters);
      if (history.samples.at(-1)?.at !== millis) continue;
      for (const direction of ["in", "out"]) {
        for (const unit of ["bits", "packets"]) sum[direction][unit] += history.now()[direction][unit];
      }
    }
    if (grew) this.total.add(millis, sum);
    this.total.lastAt = Math.max(millis, this.total.lastAt);
  }

  of(key) {
    return this.bySa.get(key) ?? this.total;
  }
}
