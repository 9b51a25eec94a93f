import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPortal } from "../support/portal.ts";

/** A portal on an empty data folder, as a new user has it. */
export default async function setUp() {
  const dataDir = mkdtempSync(join(tmpdir(), "sightline-e2e-"));
  const portal = await startPortal(dataDir, { SIGHTLINE_CHECK_RESPONSES: "1" });
  process.env.PORTAL_URL = portal.url;
  process.env.PORTAL_PID = String(portal.pid);
  process.env.PORTAL_TOKEN = portal.token ?? "";
  process.env.PORTAL_DATA = dataDir;
  return async () => {
    await portal.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
