import type { InputKind } from "#lib/contract/input-names.ts";
import type { ExpressionPanel } from "#lib/metrics/expression-panel.ts";

/** Where a program sends to, and with which token: the portal's address as the reader has it. */
export type Sender = { url: string; token: string };

/** What a text of a step is, so that a test can hold it against its program or its syntax. */
export type CodeLanguage = "prometheus" | "collector" | "yaml" | "toml" | "sh" | "env" | "nginx" | "alloy";

/** A step of a set-up: what to do, and the text to copy with the file that it goes into, or "Shell". */
export type SetupStep = {
  text: string;
  code?: { where: string; language: CodeLanguage; text: (sender: Sender) => string };
};

/** A way to set an integration up; with a kind it takes the token of an input of that kind. */
export type Setup = { id: string; title: string; kind?: InputKind; steps: readonly SetupStep[] };

/** A program whose metrics are taken over: what it brings, how it is set up, and a dashboard. */
export type Integration = {
  id: string;
  title: string;
  /** One sentence. */
  brings: string;
  /** The metrics that matter most, by their own names. */
  main: readonly string[];
  /** Which metrics, by their stored names, are its own. */
  metrics: RegExp;
  /** What a reader knows these metrics by: "names that begin with node_". */
  known: string;
  /** What Sightline shows of it elsewhere; `brief` where it needs nothing of this, for the card. */
  elsewhere?: { text: string; href: string; link: string; brief?: string };
  setups: readonly Setup[];
  /** An entry of scrape_configs, for inputs that scrape. */
  scrape?: string;
  panels: readonly ExpressionPanel[];
};
