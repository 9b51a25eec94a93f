import type { LockedSession } from "#components/databases/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { plural } from "#lib/format/plural.ts";
import { formatText } from "#lib/format/value.ts";

type Branch = { session: LockedSession; depth: number; blocks: number };

/** Whoever waits below the first that blocks it; a circle, which a deadlock is until it is found, ends where it began. */
function branchesOf(sessions: LockedSession[]): Branch[] {
  const shown = new Set<number>();
  const waitingFor = (pid: number) => sessions.filter(({ blockedBy }) => blockedBy.includes(pid));
  const walk = (session: LockedSession, depth: number): Branch[] => {
    if (shown.has(session.pid)) return [];
    shown.add(session.pid);
    const waiting = waitingFor(session.pid);
    return [{ session, depth, blocks: waiting.length }, ...waiting.flatMap((next) => walk(next, depth + 1))];
  };
  const pids = new Set(sessions.map(({ pid }) => pid));
  const roots = sessions.filter(({ blockedBy }) => !blockedBy.some((pid) => pids.has(pid)));
  return [...roots, ...sessions].flatMap((session) => walk(session, 0));
}

const MOST_INDENT = 6;

function Item({ branch: { session, depth, blocks } }: { branch: Branch }) {
  const { pid, user, database, application, state, waitsS, transactionS, lockMode, relation, waitEvent, statement } =
    session;
  const wants = [lockMode, relation && `on ${relation}`].filter(Boolean).join(" ");
  return (
    <li className="py-2" style={{ paddingLeft: `${Math.min(depth, MOST_INDENT) * 1.25}rem` }}>
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-sm">
        <span className="figures font-medium">PID {pid}</span>
        {blocks > 0 && <Badge variant={depth === 0 ? "bad" : "warn"}>blocks {plural(blocks, "session")}</Badge>}
        {waitsS !== null && <Badge variant="warn">waits {formatText(waitsS, "seconds")}</Badge>}
        <span className="text-muted text-xs">
          {[user, database, application, state, waitEvent].filter(Boolean).join(" · ")}
          {transactionS !== null && ` · transaction ${formatText(transactionS, "seconds")}`}
        </span>
      </p>
      {wants && <p className="text-xs">Wants {wants}</p>}
      <code className="block break-words text-muted text-xs">{statement}</code>
    </li>
  );
}

/** Who waits for whom: below each session those that it blocks. */
export function LockTree({ sessions }: { sessions: LockedSession[] }) {
  return (
    <ul className="divide-y divide-line">
      {branchesOf(sessions).map((branch) => (
        <Item key={branch.session.pid} branch={branch} />
      ))}
    </ul>
  );
}
