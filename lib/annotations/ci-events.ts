import { type HOOK_KINDS, MAX_TEXT } from "#lib/contract/annotations.ts";
import type { AnnotationKind } from "#lib/contract/enums.ts";
import { storable } from "#lib/contract/storable.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

export type HookKind = (typeof HOOK_KINDS)[number];

/** What a CI system reports; `key` is the same for the same event. */
type CiEvent = {
  at: number;
  kind: AnnotationKind;
  text: string;
  service: string;
  version: string;
  url: string;
  key: string;
};

type Json = Record<string, unknown>;

const object = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

/** Text that can be stored, of what may be anything. */
const text = (value: unknown, max = 200): string =>
  storable(storable(typeof value === "string" || typeof value === "number" ? String(value) : "").trim(), max);

const address = (...candidates: unknown[]): string =>
  candidates.map((each) => text(each, 1_000)).find((each) => URL.canParse(each) && /^https?:/.test(each)) ?? "";

/** Events are reported within a day; a time further off is no time of this event. */
const NEAR_MS = DAY_MS;
const AHEAD_MS = 5 * MINUTE_MS;

function instant(value: unknown, now: number): number {
  const at = Date.parse(text(value));
  return at >= now - NEAR_MS && at <= now + AHEAD_MS ? at : now;
}

const nameOf = (path: string): string => path.split("/").at(-1) ?? path;
const phrase = (...words: string[]): string => words.filter(Boolean).join(" ").slice(0, MAX_TEXT);

type Deployment = { succeeded: boolean; service: string; version: string; environment: string };

function deploymentText({ succeeded, service, version, environment }: Deployment): string {
  const where = environment && `to ${environment}`;
  return succeeded
    ? phrase(service, version, "deployed", where)
    : phrase("Deployment of", service, version, where, "failed");
}

/** An event; a text that says why it is none that is recorded. */
type Read = CiEvent | string;

/** GitHub's events deployment_status and release (docs.github.com, Webhook events and payloads). */
function readGitHub(event: string, body: Json, now: number): Read {
  const repository = text(object(body.repository).full_name) || "repository";
  if (event === "ping") return "GitHub's ping: the webhook works";
  if (event === "deployment_status") {
    const [status, deployment] = [object(body.deployment_status), object(body.deployment)];
    const state = text(status.state);
    if (!["success", "failure", "error"].includes(state)) return `Deployments in the state ${state} are not recorded`;
    const [ref, sha] = [text(deployment.ref), text(deployment.sha).slice(0, 7)];
    const version = ref || sha;
    const succeeded = state === "success";
    const environment = text(status.environment) || text(deployment.environment);
    return {
      at: instant(status.created_at, now),
      kind: succeeded ? "deploy" : "change",
      text: deploymentText({ succeeded, service: repository, version, environment }),
      service: nameOf(repository),
      version,
      url: address(status.log_url, status.target_url, object(body.repository).html_url),
      key: `deployment_status ${text(status.id)}`,
    };
  }
  if (event === "release") {
    const release = object(body.release);
    if (text(body.action) !== "published")
      return `Releases are recorded when they are published, not ${text(body.action)}`;
    return {
      at: instant(release.published_at, now),
      kind: "change",
      text: phrase("Release", text(release.tag_name), "of", repository),
      service: nameOf(repository),
      version: text(release.tag_name),
      url: address(release.html_url),
      key: `release ${text(release.id)}`,
    };
  }
  return `Events ${event || "without a name"} are not recorded: choose Deployment statuses and Releases`;
}

/** GitLab's deployment and release events (docs.gitlab.com, Webhook events). */
function readGitLab(event: string, body: Json, now: number): Read {
  const project = object(body.project);
  const path = text(project.path_with_namespace) || text(project.name) || "project";
  const kind = text(body.object_kind);
  if (kind === "deployment") {
    const status = text(body.status);
    if (!["success", "failed"].includes(status)) return `Deployments in the state ${status} are not recorded`;
    const version = text(body.ref) || text(body.short_sha);
    const succeeded = status === "success";
    return {
      at: instant(body.status_changed_at, now),
      kind: succeeded ? "deploy" : "change",
      text: deploymentText({ succeeded, service: path, version, environment: text(body.environment) }),
      service: nameOf(path),
      version,
      url: address(body.deployable_url, body.commit_url, project.web_url),
      key: `deployment ${text(body.deployment_id)} ${status}`,
    };
  }
  if (kind === "release") {
    if (text(body.action) !== "create")
      return `Releases are recorded when they are created, not on ${text(body.action)}`;
    return {
      at: instant(body.released_at ?? body.created_at, now),
      kind: "change",
      text: phrase("Release", text(body.tag), "of", path),
      service: nameOf(path),
      version: text(body.tag),
      url: address(body.url),
      key: `release ${text(body.id)}`,
    };
  }
  return `Events ${kind || event || "without a name"} are not recorded: choose Deployment events and Releases events`;
}

/** What a request of a CI system says at `now` (ms), whatever its body is. */
export const readCiEvent = (kind: HookKind, event: string, body: unknown, now: number): Read =>
  kind === "github" ? readGitHub(event, object(body), now) : readGitLab(event, object(body), now);
