import { HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { firstData, question } from "#app/_access/first-data.ts";
import { currentSession } from "#app/_access/page.ts";
import { GET as listAlerts } from "#app/api/v1/alerts/route.ts";
import { AlertBell } from "#components/alerts/alert-bell.tsx";
import { FIRING, firingQuery } from "#components/alerts/queries.ts";
import { Installed } from "#components/layout/installed.tsx";
import { KeepSession } from "#components/layout/keep-session.tsx";
import { Logo } from "#components/layout/logo.tsx";
import { Navigation } from "#components/layout/navigation.tsx";
import { ThemeMenu } from "#components/layout/theme-menu.tsx";
import { UserMenu } from "#components/layout/user-menu.tsx";
import { Search } from "#components/palette/search.tsx";
import { UsualRefresh } from "#components/time/page-time.tsx";
import { Link } from "#components/ui/link.tsx";
import * as contract from "#lib/contract/index.ts";
import { FIRST_PAGE } from "#lib/contract/roots.ts";
import { database } from "#lib/db/client.ts";
import { readSettings } from "#lib/settings/store.ts";

/** The frame around every signed-in page. The pages themselves ask for permission: a layout is not run again for each. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  if (!session) return children;
  const [{ session_rotation_minutes, dashboard_refresh }, firing] = await Promise.all([
    readSettings(database()),
    firstData([question(firingQuery, contract.alerts.list, { query: FIRING }, listAlerts)]),
  ]);
  return (
    <HydrationBoundary state={firing}>
      <div className="flex min-h-dvh flex-col">
        <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-40 focus:bg-surface focus:p-2">
          Skip to the content
        </a>
        <header className="print:hidden sticky top-0 z-20 flex h-12 items-center justify-between gap-2 border-line border-b bg-surface px-4">
          <Link href={FIRST_PAGE} aria-label="Sightline, first page" className="flex">
            <Logo />
          </Link>
          <div className="flex items-center gap-1">
            <Search role={session.user.role} />
            <AlertBell />
            <ThemeMenu />
            <UserMenu user={session.user} />
          </div>
        </header>
        <div className="flex flex-1 flex-col md:flex-row">
          <Navigation role={session.user.role} />
          <main id="content" className="mx-auto w-full min-w-0 max-w-[2200px] flex-1 px-4 pt-4 pb-20 md:px-6 md:pb-8">
            <UsualRefresh seconds={dashboard_refresh}>{children}</UsualRefresh>
          </main>
        </div>
        <Installed />
        <KeepSession everyMs={session_rotation_minutes * 60_000} />
      </div>
    </HydrationBoundary>
  );
}
