const LADDERS: readonly (readonly [string, number])[][] = [
  [
    ["TB", 2 ** 40],
    ["GB", 2 ** 30],
    ["MB", 2 ** 20],
    ["kB", 2 ** 10],
    ["B", 1],
  ],
  [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1_000],
    ["ms", 1],
  ],
];

/** A setting as SHOW prints it: in the largest unit in which it is whole. "12288" of "8kB" is "96MB"; -1 and 0 bear no unit, and neither does what is no number. */
export function settingText(value: string, unit: string | null): string {
  const [, factor, name] = /^(\d*)(\D+)$/.exec(unit ?? "") ?? [];
  const ladder = LADDERS.find((units) => units.some(([title]) => title === name));
  const base = ladder?.find(([title]) => title === name)?.[1];
  const amount = /^\d+$/.test(value) ? Number(value) * Number(factor || 1) * (base ?? 1) : 0;
  const whole = amount > 0 ? ladder?.find(([, size]) => amount % size === 0) : undefined;
  return whole ? `${amount / whole[1]}${whole[0]}` : value;
}
