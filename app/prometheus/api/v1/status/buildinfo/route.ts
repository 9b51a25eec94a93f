import { serve } from "#app/api/_serve/serve.ts";
import { answerData } from "#app/prometheus/_answer.ts";
import { VERSION } from "#lib/config/version.ts";
import { prometheus } from "#lib/contract/prometheus.ts";

/** The Prometheus whose language and API this is: Grafana decides by it what it may ask. */
const PROMETHEUS_VERSION = "2.42.0";

export const GET = serve(prometheus.buildinfo, async () =>
  answerData({
    ...{ version: PROMETHEUS_VERSION, revision: `sightline-${VERSION}`, branch: "", buildUser: "", buildDate: "" },
    goVersion: "",
  }),
);
