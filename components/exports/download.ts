import { ApiError, problemOf } from "#components/layout/api.ts";

/** Reads a file piece by piece and reports how much has arrived. @throws ApiError */
async function fetchWithProgress(
  url: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<{ blob: Blob; name: string }> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) throw new ApiError(await problemOf(response));
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

/** Downloads a file and reports how much has arrived. @throws ApiError, AbortError */
export async function download(url: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<void> {
  const { blob, name } = await fetchWithProgress(url, signal, onBytes);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
