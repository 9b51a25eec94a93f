"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { slosQuery } from "#components/slo/queries.ts";
import { SloForm } from "#components/slo/slo-form.tsx";
import { SloTable } from "#components/slo/slo-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { plural } from "#lib/format/plural.ts";

/** All SLOs, worst first. */
export function SloList({ mayWrite }: { mayWrite: boolean }) {
  const query = useQuery(slosQuery);
  const [isOpen, setOpen] = useState(false);
  const slos = query.data ?? [];
  const add = mayWrite && (
    <Button variant="primary" onClick={() => setOpen(true)}>
      Add SLO
    </Button>
  );
  return (
    <>
      <PageTitle note={query.data ? plural(slos.length, "SLO") : " "} aside={slos.length > 0 && add}>
        SLOs
      </PageTitle>
      <QueryView
        query={query}
        what="The SLOs"
        empty={
          <Notice title="No service level objective yet">
            <p className="mb-2">
              An SLO says which share of requests is to be good, such as 99.9 % in 28 days. The portal counts what
              fails, shows how much of the error budget is left, and alerts when it burns too fast.
            </p>
            {add}
          </Notice>
        }
      >
        {(all) => (
          <Card>
            <SloTable slos={all} />
          </Card>
        )}
      </QueryView>
      <Dialog open={isOpen} onOpenChange={setOpen} title="Add SLO" className="w-[min(48rem,calc(100vw-1.5rem))]">
        {isOpen && <SloForm slo={undefined} onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}
