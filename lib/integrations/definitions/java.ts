import { httpPanels } from "#lib/integrations/parts/http-panels.ts";
import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byInstrumentation, PROCESS_LEGEND as LEGEND, ON_APPLICATIONS } from "#lib/integrations/parts/runtimes.ts";

const BY_TYPE = "{{job}} {{jvm_memory_type}}";
const byType = (metric: string): string => `sum by (host, job, jvm_memory_type) (${metric})`;

export const java: Integration = {
  id: "java",
  title: "Java",
  brings:
    "Heap, garbage collection, threads and CPU of Java services with their requests and traces, by OpenTelemetry.",
  main: ["jvm.memory.used", "jvm.gc.duration", "jvm.thread.count", "jvm.cpu.recent_utilization"],
  metrics: /^jvm\./,
  known: "names that begin with jvm.",
  elsewhere: ON_APPLICATIONS,
  setups: [
    byInstrumentation(
      {
        text: "Download OpenTelemetry's agent for Java. No line of code changes.",
        command:
          "curl -LO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar",
      },
      {
        text: "Start the service with the agent.",
        command: "java -javaagent:opentelemetry-javaagent.jar -jar shop.jar",
      },
    ),
  ],
  panels: [
    ...httpPanels("jvm_cpu_count"),
    { title: "CPU used", expression: "100 * jvm_cpu_recent_utilization", unit: "percent", legend: LEGEND },
    { title: "Memory used", expression: byType("jvm_memory_used"), unit: "bytes", legend: BY_TYPE },
    { title: "Memory committed", expression: byType("jvm_memory_committed"), unit: "bytes", legend: BY_TYPE },
    {
      title: "Heap used, of its limit",
      expression:
        '100 * sum by (host, job, instance) (jvm_memory_used{jvm_memory_type="heap"}) / sum by (host, job, instance) (jvm_memory_limit{jvm_memory_type="heap"})',
      unit: "percent",
      legend: LEGEND,
    },
    {
      title: "Heap after the last collection",
      expression: 'sum by (host, job, instance) (jvm_memory_used_after_last_gc{jvm_memory_type="heap"})',
      unit: "bytes",
      legend: LEGEND,
    },
    {
      title: "Time in garbage collection",
      expression: "100 * sum by (host, job, jvm_gc_name) (rate(jvm_gc_duration_sum[5m]))",
      unit: "percent",
      legend: "{{job}} {{jvm_gc_name}}",
    },
    {
      title: "Garbage collection, 95th percentile",
      expression: "histogram_quantile(0.95, sum by (host, job, jvm_gc_name, le) (rate(jvm_gc_duration_bucket[5m])))",
      unit: "seconds",
      legend: "{{job}} {{jvm_gc_name}}",
    },
    {
      title: "Threads by state",
      expression: "sum by (job, jvm_thread_state) (jvm_thread_count)",
      unit: "count",
      legend: "{{job}} {{jvm_thread_state}}",
    },
    { title: "Classes loaded", expression: "jvm_class_count", unit: "count", legend: LEGEND },
  ],
};
