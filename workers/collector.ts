import { extname, join } from "node:path";
import { type CollectionSettings, startHostCollection } from "#lib/collect/collection/host-collection.ts";
import { Prober, proberAt } from "#lib/collect/prober.ts";

// Started by the recorder, which tells how to collect and takes the frames. It loads neither Prisma nor a database
// client, which is what keeps it small; what may hang it asks of the prober.

const send = process.send?.bind(process);
if (!send) throw new Error("The collector is started by the recorder, not by hand");

const prober = new Prober(proberAt(join(import.meta.dirname, `prober${extname(import.meta.filename)}`)));
const collection = startHostCollection(
  prober,
  {
    intervalMs: Number(process.env.SIGHTLINE_INTERVAL_MS),
    commandLines: process.env.SIGHTLINE_COMMAND_LINES === "true",
  },
  (frame) => void send({ frame }),
);

process.on("message", (settings: CollectionSettings) => collection.change(settings));
process.on("disconnect", () => process.exit(0));
