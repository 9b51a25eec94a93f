/**
 * The rooms of lib from bottom to top. A room imports only rooms above it in this list, which is what keeps circles out.
 * What each layer is for stands in ARCHITECTURE.md.
 */
const LAYERS: Record<string, string[]> = {
  ground: [
    "contract",
    "direct",
    "errors",
    "reason",
    "unpack",
    "log",
    "time",
    "metrics",
    "telemetry",
    "stats",
    "format",
    "crypto",
    "config",
    "db",
  ],
  tsdb: ["tsdb"],
  language: ["promql"],
  platform: ["settings", "audit", "access", "jobs", "notify", "tables", "stream"],
  features: [
    "processes",
    "hosts",
    "inputs",
    "scrape",
    "catalogue",
    "integrations",
    "annotations",
    "collect",
    "otlp",
    "applications",
    "checks",
    "agents",
    "databases",
    "anomalies",
    "alerts",
    "slo",
    "experiments",
    "insights",
    "incidents",
  ],
  across: ["help", "reports", "exports", "backup", "merge"],
};

export const ROOMS = Object.values(LAYERS).flat();

/** The files of a room that others may import; a room that is not named here is open. */
export const DOORS: Record<string, RegExp> = {
  tsdb: /^lib\/tsdb\/(append|query|points|catalog|maintenance)\.ts$/,
};

/** The room of a file of lib: its first folder, or its own name where it has none; undefined outside lib. */
export const roomOf = (path: string): string | undefined => /^lib\/([\w-]+)/.exec(path)?.[1];

type Rule = { why: string; from: RegExp; to: RegExp; typesToo?: boolean };

/** What the order of rooms does not say. Without `typesToo` an import of types only is free. */
export const RULES: Rule[] = [
  {
    why: "lib knows nothing of what is above it",
    from: /^lib\//,
    to: /^(app|components|workers|scripts|tests)\//,
    typesToo: true,
  },
  { why: "lib runs without next and react", from: /^lib\//, to: /^(next|react|react-dom)(\/|$)/, typesToo: true },
  { why: "the contract needs zod only", from: /^lib\/contract\//, to: /^(?!zod$|lib\/contract\/)/, typesToo: true },
  { why: "components serve pages", from: /^components\//, to: /^(app|workers|scripts)\//, typesToo: true },
  { why: "pages and workers meet in lib", from: /^app\//, to: /^(workers|scripts)\//, typesToo: true },
  {
    why: "workers and pages meet in lib; only mails are drawn by components",
    from: /^workers\//,
    to: /^(app|scripts)\/|^components\/(?!mail\/)/,
    typesToo: true,
  },
  {
    why: "what a browser loads must not bring the database or the file system along",
    from: /^components\/(?!mail\/)/,
    to: /^(lib\/(db|jobs|notify|collect|log\.ts|audit|tsdb\/(?!points\.ts)|access\/(?!permissions|roles|schemas))|pg|pino|@prisma)|^node:/,
  },
  {
    why: "the collecting process loads no database client",
    from: /^lib\/collect\/(?!sensors\/postgres)/,
    to: /^lib\/(db|tsdb|access|stream|settings)\/|^(pg|@prisma)(\/|$)/,
  },
  { why: "SQL lives in lib and in migrations", from: /^(app|components|workers)\//, to: /^pg(\/|$)/ },
];
