import type { Route } from "#lib/contract/alert-routing.ts";
import type { Connection } from "#lib/db/client.ts";
import { invalidField, isDomainError } from "#lib/errors.ts";
import { labelMatcher } from "#lib/tsdb/query.ts";

/** As it is shipped: every channel hears of what it wants, once. */
const SHIPPED: Route = {
  ...{ name: "All alerts", matchers: "", continue: false, repeatMs: 0, routes: [] },
  steps: [{ afterMs: 0, channelIds: [], everyChannel: true }],
};

const ONLY = 1;

/** The tree of routes, whether it is somebody's own, and which routes lead to channels that are gone. */
export type Routing = { tree: Route; stored: boolean; problems: string[] };

const channelIdsOf = async (db: Connection): Promise<Set<number>> =>
  new Set((await db.alertChannel.findMany({ select: { id: true } })).map(({ id }) => id));

function problemsOf({ name, steps, routes }: Route, channels: Set<number>): string[] {
  const own = steps.flatMap(({ channelIds }, n) =>
    channelIds.some((id) => !channels.has(id))
      ? [`Step ${n + 1} of the route ${name} leads to a channel that is gone`]
      : [],
  );
  return [...own, ...routes.flatMap((route) => problemsOf(route, channels))];
}

/** The tree of routes. */
export async function readRouting(db: Connection): Promise<Routing> {
  const row = await db.alertRouting.findUnique({ where: { id: ONLY } });
  if (!row) return { tree: SHIPPED, stored: false, problems: [] };
  const tree = row.tree as Route;
  return { tree, stored: true, problems: problemsOf(tree, await channelIdsOf(db)) };
}

/** The text of matchers, checked. @throws DomainError validation, of `field` */
export function assertMatchers(text: string, field: string): void {
  try {
    labelMatcher(text);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    throw invalidField(field, `${error.message.split(":")[0]}: write host="db-01", severity=~"info|warning"`);
  }
}

/** @throws DomainError validation, naming the field */
function assertRoute(route: Route, channels: Set<number>, field: string): void {
  assertMatchers(route.matchers, `${field}.matchers`);
  for (const [n, step] of route.steps.entries()) {
    const wrong = step.channelIds.findIndex((id) => !channels.has(id));
    if (wrong >= 0)
      throw invalidField(`${field}.steps.${n}.channel_ids.${wrong}`, `There is no channel ${step.channelIds[wrong]}`);
    if (!step.everyChannel && step.channelIds.length === 0)
      throw invalidField(`${field}.steps.${n}.channel_ids`, "Name the channels of this step");
  }
  for (const [n, child] of route.routes.entries()) {
    if (child.matchers === "")
      throw invalidField(`${field}.routes.${n}.matchers`, "Say which alerts this route is for");
    assertRoute(child, channels, `${field}.routes.${n}`);
  }
}

/** Stores a tree. @throws DomainError validation */
export async function writeRouting(db: Connection, tree: Route): Promise<Routing> {
  if (tree.matchers !== "") throw invalidField("tree.matchers", "The first route is for all alerts: leave this empty");
  if (tree.steps.length === 0) throw invalidField("tree.steps", "Say who hears of what no other route is for");
  assertRoute(tree, await channelIdsOf(db), "tree");
  const data = { tree: JSON.parse(JSON.stringify(tree)) };
  await db.alertRouting.upsert({ where: { id: ONLY }, create: { id: ONLY, ...data }, update: data });
  return { tree, stored: true, problems: [] };
}

const compiled = new WeakMap<Route, ReturnType<typeof labelMatcher>>();

/** Whether a route's matchers match: compiled once, however many alerts begin at once. */
function isFor(route: Route, labels: Record<string, string>): boolean {
  const matches = compiled.get(route) ?? labelMatcher(route.matchers);
  compiled.set(route, matches);
  return matches(labels);
}

/** A route that is for an alert, with what it takes over from those above it, and their names. */
export type MatchedRoute = { path: string; steps: Route["steps"]; repeatMs: number };

/**
 * The routes that are for an alert with some labels, as Alertmanager finds them: the first that matches of those below a route, and after
 * one that continues the next as well; the route itself where none of them does.
 */
export function matchedRoutes(root: Route, labels: Record<string, string>): MatchedRoute[] {
  const visit = (route: Route, above: MatchedRoute): MatchedRoute[] => {
    const own: MatchedRoute = {
      path: above.path ? `${above.path} / ${route.name}` : route.name,
      steps: route.steps.length > 0 ? route.steps : above.steps,
      repeatMs: route.repeatMs ?? above.repeatMs,
    };
    const found: MatchedRoute[] = [];
    for (const child of route.routes) {
      if (!isFor(child, labels)) continue;
      found.push(...visit(child, own));
      if (!child.continue) break;
    }
    return found.length > 0 ? found : [own];
  };
  return visit(root, { path: "", steps: [], repeatMs: 0 });
}
