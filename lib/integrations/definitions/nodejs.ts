import { httpPanels } from "#lib/integrations/parts/http-panels.ts";
import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byInstrumentation, PROCESS_LEGEND as LEGEND, ON_APPLICATIONS } from "#lib/integrations/parts/runtimes.ts";

const delay = (name: string, title: string) => ({
  ...{ title: `Event loop delay, ${title}`, expression: `nodejs_eventloop_delay_${name}` },
  ...{ unit: "seconds", legend: LEGEND },
});

export const nodejs: Integration = {
  id: "nodejs",
  title: "Node.js",
  brings:
    "Event loop, heap and garbage collection of Node.js services with their requests and traces, by OpenTelemetry.",
  main: ["nodejs.eventloop.utilization", "nodejs.eventloop.delay.p99", "v8js.memory.heap.used", "v8js.gc.duration"],
  metrics: /^(nodejs|v8js)\./,
  known: "names that begin with nodejs. or v8js.",
  elsewhere: ON_APPLICATIONS,
  setups: [
    byInstrumentation(
      {
        text: "Add the instrumentation to the service. No line of code changes.",
        command: "npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node",
      },
      {
        text: "Start the service with the instrumentation.",
        command:
          "OTEL_METRICS_EXPORTER=otlp node --require @opentelemetry/auto-instrumentations-node/register server.js",
      },
    ),
  ],
  panels: [
    ...httpPanels("nodejs_eventloop_utilization"),
    {
      title: "Event loop utilization",
      expression: "100 * nodejs_eventloop_utilization",
      unit: "percent",
      legend: LEGEND,
    },
    delay("p50", "median"),
    delay("p90", "90th percentile"),
    delay("p99", "99th percentile"),
    delay("max", "highest"),
    {
      title: "Heap used",
      expression: "sum by (host, job, instance) (v8js_memory_heap_used)",
      unit: "bytes",
      legend: LEGEND,
    },
    {
      title: "Heap used, of its limit",
      expression:
        "100 * sum by (host, job, instance) (v8js_memory_heap_used) / sum by (host, job, instance) (v8js_memory_heap_limit)",
      unit: "percent",
      legend: LEGEND,
    },
    {
      title: "Heap by space",
      expression: "sum by (v8js_heap_space_name) (v8js_memory_heap_used)",
      unit: "bytes",
      legend: "{{v8js_heap_space_name}}",
    },
    {
      title: "Time in garbage collection",
      expression: "100 * sum by (host, job, instance) (rate(v8js_gc_duration_sum[5m]))",
      unit: "percent",
      legend: LEGEND,
    },
    {
      title: "Garbage collections by type",
      expression: "sum by (v8js_gc_type) (rate(v8js_gc_duration_count[5m]))",
      unit: "count",
      rate: true,
      legend: "{{v8js_gc_type}}",
    },
  ],
};
