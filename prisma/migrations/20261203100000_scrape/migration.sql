CREATE TABLE "scrape_config" (
  "host_id" INTEGER NOT NULL,
  "text" TEXT NOT NULL,
  "sealed" TEXT NOT NULL,
  "trusted" BOOLEAN NOT NULL DEFAULT false,
  "problem" TEXT,
  CONSTRAINT "scrape_config_pkey" PRIMARY KEY ("host_id"),
  CONSTRAINT "scrape_config_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "input" ("host_id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "scrape_target" (
  "host_id" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "state" JSONB NOT NULL,
  CONSTRAINT "scrape_target_pkey" PRIMARY KEY ("host_id", "key"),
  CONSTRAINT "scrape_target_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "scrape_config" ("host_id") ON DELETE CASCADE ON UPDATE CASCADE
);
