import * as z from "zod";
import { GET as readVerdict } from "#app/api/v1/experiments/[id]/verdict/route.ts";
import { GET as listExperiments } from "#app/api/v1/experiments/route.ts";
import { GET as readReport } from "#app/api/v1/reports/[id]/route.ts";
import { GET as listReports } from "#app/api/v1/reports/route.ts";
import { tool } from "#app/mcp/_tools/tool.ts";

type Experiment = { id: number; key: string; name: string; status: string; hypothesis?: string };
type Report = { id: number };

export const judgementTools = [
  tool({
    name: "list_experiments",
    title: "List experiments",
    description: "A/B experiments and before-and-after comparisons with key, status and hypothesis.",
    permissions: ["experiments:read"],
    input: {},
    async run(_, { ask, page }) {
      const experiments = (await ask(listExperiments)) as Experiment[];
      return {
        experiments: experiments.map(({ id, key, name, status, hypothesis }) => ({
          ...{ key, name, status, hypothesis },
          page: page(`/experiments/${id}`),
        })),
      };
    },
  }),
  tool({
    name: "experiment_verdict",
    title: "Read an experiment's verdict",
    description: "The decision on an experiment by its success criteria, with reasons, effects and intervals.",
    permissions: ["experiments:read"],
    input: { experiment: z.string().min(1).max(200).describe("Key from list_experiments") },
    async run({ experiment }, { ask, page }) {
      const verdict = (await ask(readVerdict, { params: { id: experiment } })) as object;
      return { ...verdict, page: page("/experiments") };
    },
  }),
  tool({
    name: "list_reports",
    title: "List reports",
    description: "Reports that are kept, with period and author.",
    permissions: ["reports:read"],
    input: {},
    async run(_, { ask, page }) {
      const reports = (await ask(listReports)) as Report[];
      return { reports: reports.map((each) => ({ ...each, page: page(`/reports/${each.id}`) })) };
    },
  }),
  tool({
    name: "get_report",
    title: "Read a report",
    description: "One report with the tables and figures of its sections.",
    permissions: ["reports:read"],
    input: { report: z.number().int().positive().describe("Id from list_reports") },
    async run({ report }, { ask, page }) {
      const read = (await ask(readReport, { params: { id: report } })) as object;
      return { ...read, page: page(`/reports/${report}`) };
    },
  }),
];
