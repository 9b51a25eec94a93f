/** A body as it came, with what its headers say of it; a header that is not there is empty. */
export type RawBody = { bytes: Buffer; contentType: string; contentEncoding: string };

const header = ({ headers }: Request, name: string): string => headers.get(name)?.trim() ?? "";

/** Reads a body without a look at it. */
export async function readRaw(request: Request): Promise<RawBody> {
  return {
    bytes: Buffer.from(await request.arrayBuffer()),
    contentType: header(request, "content-type"),
    contentEncoding: header(request, "content-encoding").toLowerCase(),
  };
}
