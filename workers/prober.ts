import { PROBES, type ProbeName } from "#lib/collect/probes/index.ts";

// Started by the collecting process for what may hang: a dead NFS server, a stuck sensor, a name that is not found. Each probe waits in a thread of its
// own, so that one that hangs holds up no other. It loads nothing else, which is what keeps it small.

const send = (message: object) => void process.send?.(message, () => undefined);

process.on("message", ({ id, probe, subject }: { id: number; probe?: ProbeName; subject: string }) => {
  if (!probe) return send({ id });
  PROBES[probe](subject).then(
    (answer) => send({ id, answer }),
    (error: Error) => send({ id, reason: error.message }),
  );
});
// An orderly end would wait for what hangs.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
