CREATE TABLE "service_version" (
  "host_id" INTEGER NOT NULL,
  "service" TEXT NOT NULL,
  "version" TEXT NOT NULL,
  "seen_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "service_version_pkey" PRIMARY KEY ("host_id", "service", "version"),
  CONSTRAINT "service_version_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
