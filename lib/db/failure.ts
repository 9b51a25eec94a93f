import { DomainError } from "#lib/errors.ts";

/** What the driver and Prisma's adapter say of a failure, wherever they put it. */
function partsOf(error: unknown): { code: string; kind: string; message: string } {
  type Cause = { kind?: string; originalCode?: string };
  const {
    code,
    message,
    meta,
    name,
    cause: own,
  } = (error ?? {}) as {
    code?: string;
    message?: string;
    name?: string;
    cause?: Cause;
    meta?: { driverAdapterError?: { cause?: Cause } };
  };
  // What fails while a transaction ends comes from the adapter as it is.
  const bare = name === "DriverAdapterError" ? own : undefined;
  const cause = meta?.driverAdapterError?.cause ?? bare ?? {};
  return {
    code: cause.originalCode ?? code ?? "",
    kind: cause.kind ?? (name === "PrismaClientInitializationError" ? "DatabaseNotReachable" : ""),
    message: message ?? "",
  };
}

type Rule = { says: string; matches(parts: ReturnType<typeof partsOf>): boolean };

/** By SQLSTATE (appendix A of PostgreSQL's manual), Prisma's codes (P…) and the words of node-postgres, which has no codes. */
const RULES: Rule[] = [
  {
    says: "The database does not answer: it cannot be reached. Try again in a moment",
    matches: ({ code, kind, message }) =>
      ["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout"].includes(kind) ||
      /^(P1001|P1002|P1017|08\w{3}|57P0[123]|ECONN\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE)$/.test(
        code,
      ) ||
      /Connection terminated(?! due)|Can't reach database server|Client (has encountered a connection error|was closed)|Server has closed the connection/.test(
        message,
      ),
  },
  {
    says: "The database does not answer in time: it hangs or is overloaded. Try again in a moment",
    matches: ({ message }) => /Query read timeout|terminated due to connection timeout/.test(message),
  },
  {
    says: "The portal is busy: try again in a moment",
    matches: ({ code, message }) =>
      /^(P2024|P2028|P2034|53300|53400|57014|55P03|40001|40P01)$/.test(code) ||
      /timeout exceeded when trying to connect/.test(message),
  },
  {
    says: "The database takes no changes now: it is a standby, or is set to read only",
    matches: ({ code }) => code === "25006",
  },
  {
    says: "The database is out of disk or memory: make room on its machine, then try again",
    matches: ({ code }) => /^(53100|53200|53000|58030)$/.test(code),
  },
];

const RETRY_S = 5;

/** A failure that is the database's, not the request's, as what to tell the reader (503); undefined for any other. */
export function databaseFailure(error: unknown): DomainError | undefined {
  const parts = partsOf(error);
  const rule = RULES.find(({ matches }) => matches(parts));
  return rule && new DomainError("unavailable", rule.says, { retryAfterSeconds: RETRY_S });
}
