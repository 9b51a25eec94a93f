"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from "react";
import { takeNotifications } from "#components/alerts/push.ts";
import { type Alert, firingQuery, firingText } from "#components/alerts/queries.ts";
import { useTitleCount } from "#components/layout/use-title-count.ts";
import { useAlertStream } from "#components/live/alert-stream.ts";
import { Link } from "#components/ui/link.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { raiseError, raiseToast, Toasts } from "#components/ui/toasts.tsx";
import { isAcknowledged } from "#lib/alerts/is-acknowledged.ts";

const SHOWN = 6;

const hrefOf = ({ id, hostId }: Alert) => `/alerts/${id}?host=${hostId}`;

/** Whether this browser may show notifications; undefined on the server and where it knows none. */
const usePermission = () =>
  useSyncExternalStore(
    () => () => undefined,
    () => (typeof Notification === "undefined" ? undefined : Notification.permission),
    () => undefined,
  );

/** Shows what began to fire since the page was opened: on the page, and outside of it where that is allowed. */
function useToasts(alerts: Alert[] | undefined): void {
  const router = useRouter();
  const seen = useRef<Set<string> | undefined>(undefined);
  const show = useEffectEvent((alert: Alert) => {
    const [title, href] = [`${alert.host}: ${alert.summary}`, hrefOf(alert)];
    const kind = alert.severity === "critical" ? "error" : alert.severity;
    const action = { label: "Open", onClick: () => router.push(href) };
    raiseToast((toast) => toast[kind](title, { description: alert.rule, action }));
    if (typeof Notification !== "undefined" && Notification.permission === "granted" && document.hidden) {
      const notification = new Notification(title, { body: alert.rule, tag: href });
      notification.onclick = () => {
        window.focus();
        router.push(href);
      };
    }
  });
  useEffect(() => {
    if (!alerts) return;
    const keys = new Map(alerts.map((alert) => [`${alert.hostId} ${alert.id}`, alert]));
    const before = seen.current;
    for (const [key, alert] of keys) if (before && !before.has(key) && !isAcknowledged(alert, Date.now())) show(alert);
    seen.current = new Set([...(before ?? []), ...keys.keys()]);
  }, [alerts]);
}

async function notifyHere(): Promise<void> {
  try {
    await takeNotifications();
    const description = "Those of channels of the kind Browser notification";
    raiseToast((toast) => toast.success("This browser shows alerts", { description }));
  } catch (error) {
    const what = error instanceof Error ? error.message : "Notifications cannot be shown";
    raiseError(what);
  }
}

/** How many alerts fire, what they are, and a word when another begins. */
export function AlertBell() {
  const client = useQueryClient();
  const { data: alerts } = useQuery(firingQuery);
  const permission = usePermission();
  useAlertStream(() => void client.invalidateQueries({ queryKey: ["alerts"] }));
  useToasts(alerts);
  const count = alerts?.length ?? 0;
  useTitleCount(count === 0 ? "" : firingText(count));
  const label = count === 0 ? "Alerts: none fires" : `Alerts: ${firingText(count)} ${count === 1 ? "fires" : "fire"}`;
  return (
    <>
      <Menu
        label={label}
        trigger={
          <span className="relative">
            <Bell aria-hidden className="size-4" />
            {count > 0 && (
              <span className="figures absolute -top-2 -right-2.5 min-w-4 rounded-full bg-bad px-1 text-center text-2xs text-surface">
                {count > 99 ? "99+" : count}
              </span>
            )}
          </span>
        }
      >
        {({ MenuItem, MenuNote }) => (
          <>
            {count === 0 && <MenuNote>No alert fires.</MenuNote>}
            {(alerts ?? []).slice(0, SHOWN).map((alert) => (
              <MenuItem key={`${alert.hostId} ${alert.id}`} asChild>
                <Link href={hrefOf(alert)} className="max-w-80">
                  <span className="min-w-0 truncate">
                    {alert.severity}: {alert.host}, {alert.summary}
                  </span>
                </Link>
              </MenuItem>
            ))}
            <MenuItem asChild>
              <Link href="/alerts">See all alerts</Link>
            </MenuItem>
            {permission === "default" && (
              <MenuItem onSelect={() => void notifyHere()}>Notify me in this browser</MenuItem>
            )}
          </>
        )}
      </Menu>
      <Toasts />
    </>
  );
}
