import type { ReactNode } from "react";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { DatabaseFrame } from "#components/databases/database-frame.tsx";
import { may } from "#lib/contract/permissions.ts";
import { readServer } from "#lib/databases/list-servers.ts";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

type Props = { params: Promise<{ id: string }>; children: ReactNode };

export default async function DatabaseLayout({ params, children }: Props) {
  const { user } = await permitPage("databases:read");
  const db = database();
  const id = idParam((await params).id) ?? NO_ID;
  const server = await orNotFound(readServer(db, id, Date.now()));
  const hosts = await listHosts(db);
  return (
    <DatabaseFrame
      initial={server}
      hosts={hosts.map((host) => ({ id: host.id, name: host.name }))}
      mayManage={may(user.role, "databases:manage")}
    >
      {children}
    </DatabaseFrame>
  );
}
