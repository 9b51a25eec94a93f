import { httpPanels } from "#lib/integrations/parts/http-panels.ts";
import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byInstrumentation, PROCESS_LEGEND as LEGEND, ON_APPLICATIONS } from "#lib/integrations/parts/runtimes.ts";

const OLD = "process_runtime_cpython";

export const python: Integration = {
  id: "python",
  title: "Python",
  brings:
    "CPU, memory, threads and garbage collection of Python services with their requests and traces, by OpenTelemetry.",
  main: ["process.runtime.cpython.memory", "process.runtime.cpython.cpu.utilization", "cpython.gc.collections"],
  metrics: /^(process\.runtime\.cpython|cpython)\./,
  known: "names that begin with process.runtime.cpython. or cpython.",
  elsewhere: ON_APPLICATIONS,
  setups: [
    byInstrumentation(
      {
        text: "Add the instrumentation to the service. No line of code changes.",
        command:
          "pip install opentelemetry-distro opentelemetry-exporter-otlp-proto-http opentelemetry-instrumentation-system-metrics\nopentelemetry-bootstrap --action=install",
      },
      {
        text: "Start the service with the instrumentation.",
        command:
          "OTEL_TRACES_EXPORTER=otlp_proto_http OTEL_METRICS_EXPORTER=otlp_proto_http opentelemetry-instrument python app.py",
      },
    ),
  ],
  panels: [
    ...httpPanels(`${OLD}_thread_count`),
    { title: "CPU used", expression: `100 * ${OLD}_cpu_utilization`, unit: "percent", legend: LEGEND },
    {
      title: "CPU time by type",
      expression: `100 * sum by (job, type) (rate(${OLD}_cpu_time[5m]))`,
      unit: "percent",
      legend: "{{job}} {{type}}",
    },
    { title: "Resident memory", expression: `${OLD}_memory{type="rss"}`, unit: "bytes", legend: LEGEND },
    { title: "Virtual memory", expression: `${OLD}_memory{type="vms"}`, unit: "bytes", legend: LEGEND },
    { title: "Threads", expression: `${OLD}_thread_count`, unit: "count", legend: LEGEND },
    {
      title: "Context switches",
      expression: `sum by (job, type) (rate(${OLD}_context_switches[5m]))`,
      unit: "count",
      rate: true,
      legend: "{{job}} {{type}}",
    },
    {
      title: "Garbage collections by generation",
      expression: `rate(cpython_gc_collections[5m]) or rate(${OLD}_gc_count[5m])`,
      unit: "count",
      rate: true,
    },
    {
      title: "Objects collected by generation",
      expression: "rate(cpython_gc_collected_objects[5m])",
      unit: "count",
      rate: true,
      legend: "{{job}} {{cpython_gc_generation}}",
    },
    {
      title: "Objects that could not be collected",
      expression: "rate(cpython_gc_uncollectable_objects[5m])",
      unit: "count",
      rate: true,
      legend: "{{job}} {{cpython_gc_generation}}",
    },
  ],
};
