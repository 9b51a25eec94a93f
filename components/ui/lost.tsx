"use client";

import type { ComponentType } from "react";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** Of scripts that did not come: the network is away, or the portal was upgraded since the page was opened. */
export const LOST = "A part of this page did not come. Check the network, then reload the page.";

const Lost = () => (
  <Notice variant="bad" title={LOST}>
    <Button className="h-8" onClick={() => window.location.reload()}>
      Reload
    </Button>
  </Notice>
);

/** Loads a part of a page; where it does not come the page stays, and says so in its place. */
export const orLost =
  <P extends object>(load: () => Promise<ComponentType<P>>) =>
  (): Promise<ComponentType<P>> =>
    load().catch(() => Lost);
