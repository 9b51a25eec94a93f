import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export type Temperature = { sensor: string; celsius: number };

type Input = { label: string; celsius: number };

const celsius = (text: string): number => Math.round(Number.parseInt(text, 10) / 100) / 10;
const namesIn = (dir: string) => readdir(dir).catch((): string[] => []);
const textOf = async (...path: string[]) => (await readFile(join(...path), "latin1").catch(() => "")).trim();

async function inputsOf(dir: string): Promise<Input[]> {
  const chip = await textOf(dir, "name");
  const files = (await namesIn(dir)).filter((name) => /^temp\d+_input$/.test(name));
  const inputs = files
    .sort((a, b) => Number(a.slice(4, -6)) - Number(b.slice(4, -6)))
    .map(async (name) => ({
      label: ((await textOf(dir, name.replace("_input", "_label"))) || chip).toLowerCase(),
      celsius: celsius(await textOf(dir, name)),
    }));
  return (await Promise.all(inputs)).filter((input) => Number.isFinite(input.celsius));
}

/** What a zone or a chip calls the processor as a whole, the best first. */
const PROCESSOR = [/^tdie/, /^tctl/, /package|physical/, /^tccd1$/, /^k10temp$/, /cpu|x86_pkg_temp/];

/** Temperatures of the processor and its cores, where the machine tells them; `sys` is the folder /sys. */
export async function readTemperatures(sys: string): Promise<Temperature[]> {
  const chips = join(sys, "class", "hwmon");
  const zones = join(sys, "class", "thermal");
  const inputs = (await Promise.all((await namesIn(chips)).sort().map((chip) => inputsOf(join(chips, chip))))).flat();
  const cores = inputs.filter(({ label }) => label.startsWith("core"));
  const zoneInputs = (await namesIn(zones)).sort().map(async (zone) => ({
    label: (await textOf(zones, zone, "type")).toLowerCase(),
    celsius: celsius(await textOf(zones, zone, "temp")),
  }));
  const all = [...inputs, ...(await Promise.all(zoneInputs)).filter((zone) => Number.isFinite(zone.celsius))];
  const [processor] = PROCESSOR.flatMap((name) => all.filter(({ label }) => name.test(label)).slice(0, 1));
  const mean = cores.reduce((sum, core) => sum + core.celsius, 0) / cores.length;
  const main = processor?.celsius ?? (cores.length > 0 ? Math.round(mean) : undefined);
  return [
    ...(main === undefined ? [] : [{ sensor: "cpu", celsius: main }]),
    ...cores.map((core, n) => ({ sensor: `core ${n}`, celsius: core.celsius })),
  ];
}
