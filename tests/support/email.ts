import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import type { Sender } from "#lib/alerts/channels/send.ts";
import type { ReportMailer } from "#lib/reports/deliver.ts";

// Node strips types, but it does not read JSX: what is written in it is built as the jobs worker's is.
registerHooks({
  load(url, context, next) {
    if (!url.endsWith(".tsx")) return next(url, context);
    const options = { jsx: "automatic", format: "esm", write: false, logLevel: "silent" } as const;
    const { outputFiles } = buildSync({ entryPoints: [fileURLToPath(url)], ...options });
    return { format: "module", source: outputFiles[0]?.text ?? "", shortCircuit: true };
  },
});

/** The mails' component. */
export const loadEmailRenderer = async (): Promise<ReportMailer["render"]> =>
  (await import("#components/mail/report-email.tsx")).renderReportEmail;

/** The component of alerts' mails. */
export const loadAlertRenderer = async (): Promise<NonNullable<Sender["render"]>> =>
  (await import("#components/mail/alert-email.tsx")).renderAlertEmail;
