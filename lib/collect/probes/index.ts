import { certificateEnd } from "#lib/collect/probes/certificate.ts";
import { readContainerNames } from "#lib/collect/probes/containers.ts";
import { readFileSystem } from "#lib/collect/probes/filesystem.ts";
import { readTemperatures } from "#lib/collect/probes/temperatures.ts";

/** What may hang, by name: each takes a text. They run in the prober, a process of their own. */
export const PROBES = {
  filesystem: readFileSystem,
  temperatures: readTemperatures,
  certificate: certificateEnd,
  containers: readContainerNames,
};

type Probes = typeof PROBES;
export type ProbeName = keyof Probes;
export type ProbeAnswer<N extends ProbeName> = Awaited<ReturnType<Probes[N]>>;
