-- What will need a hand, by host: found now and then, so that a list of all hosts needs no forecast of each.
CREATE TABLE "host_signal" (
  "host_id" INTEGER NOT NULL,
  "found_at" TIMESTAMPTZ(3) NOT NULL,
  "signals" JSONB NOT NULL DEFAULT '[]',
  CONSTRAINT "host_signal_pkey" PRIMARY KEY ("host_id"),
  CONSTRAINT "host_signal_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
