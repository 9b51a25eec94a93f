"use client";

import { DownloadFailure } from "#components/exports/download-failure.tsx";
import { useDownload } from "#components/exports/use-download.ts";
import { addressOf } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import * as contract from "#lib/contract/index.ts";

/** Has a report printed, which takes some seconds, and saves the file. */
export function PdfButton({ id }: { id: number }) {
  const { bytes, failure, start } = useDownload();
  const printing = bytes !== undefined;
  return (
    <>
      <Button
        variant="quiet"
        className="h-8 px-2"
        disabled={printing}
        onClick={() => void start(addressOf(contract.reports.pdf, { params: { id } }))}
      >
        {printing ? "Creating PDF…" : "PDF"}
      </Button>
      <DownloadFailure failure={failure} />
    </>
  );
}
