import type { CheckFailure, CheckState } from "#lib/contract/checks.ts";
import type { CheckKind } from "#lib/contract/enums.ts";

export const KIND_TITLE: Record<CheckKind, string> = { http: "HTTP", tcp: "TCP", dns: "DNS", ping: "Ping" };

/** What a target looks like, by kind. */
export const TARGET_HINT: Record<CheckKind, string> = {
  http: "https://shop.example/health",
  tcp: "db-01.example:5432",
  dns: "shop.example",
  ping: "router-1.example",
};

export const FAILURE_TITLE: Record<CheckFailure, string> = {
  name: "name not found",
  connection: "no connection",
  timeout: "no answer in time",
  certificate: "certificate not trusted",
  status: "unexpected status",
  body: "body does not match",
  answer: "unexpected answer",
  forbidden: "not permitted from there",
};

export const STATE_TITLE: Record<CheckState["state"], string> = { up: "up", down: "down", no_data: "no data" };
