"use client";

import { Download, X } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { formatText } from "#lib/format/value.ts";

const FORMATS = [
  { format: "csv", title: "CSV" },
  { format: "xlsx", title: "Excel" },
  { format: "json", title: "JSON" },
  { format: "ndjson", title: "NDJSON (a line each)" },
];

/** Takes a file piece by piece, telling how much has come. @throws Error with the server's reason */
async function take(
  url: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<{ blob: Blob; name: string }> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `Sightline answered ${response.status}`);
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    bytes += value.length;
    onBytes(bytes);
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "export";
  return { blob: new Blob(parts), name };
}

function save({ blob, name }: { blob: Blob; name: string }): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** What a page shows, as a file: `path` is of the API, with its question mark. Shows how much has come, and can be cancelled. */
export function ExportMenu({ path, what }: { path: string; what: string }) {
  const [bytes, setBytes] = useState<number>();
  const [failure, setFailure] = useState("");
  const running = useRef<AbortController>(undefined);
  const start = async (format: string) => {
    running.current = new AbortController();
    setFailure("");
    setBytes(0);
    try {
      save(await take(`/api/v1${path}format=${format}`, running.current.signal, setBytes));
    } catch (error) {
      if ((error as Error).name !== "AbortError") setFailure((error as Error).message);
    }
    setBytes(undefined);
  };
  return (
    <span className="inline-flex items-center gap-2 print:hidden">
      {bytes === undefined ? (
        <Menu
          label={`Export ${what}`}
          trigger={
            <>
              <Download aria-hidden className="size-4" /> Export
            </>
          }
        >
          {FORMATS.map(({ format, title }) => (
            <MenuItem key={format} onSelect={() => void start(format)}>
              {title}
            </MenuItem>
          ))}
        </Menu>
      ) : (
        <span role="status" className="figures inline-flex items-center gap-1 text-muted text-xs">
          {formatText(bytes, "bytes")}
          <Button
            look="quiet"
            className="h-8 px-2"
            aria-label="Cancel the export"
            onClick={() => running.current?.abort()}
          >
            <X aria-hidden className="size-4" />
          </Button>
        </span>
      )}
      {failure && (
        <span role="alert" className="text-bad text-xs">
          {failure}
        </span>
      )}
    </span>
  );
}
