ALTER TABLE "alert" ADD COLUMN "annotations" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "alert" ADD COLUMN "expr" TEXT NOT NULL DEFAULT '';

CREATE TABLE "alert_evaluation" (
  "rule_id" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3),
  "claimed_until" TIMESTAMPTZ(3),
  "elapsed_ms" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "alert_evaluation_pkey" PRIMARY KEY ("rule_id"),
  CONSTRAINT "alert_evaluation_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "alert_rule" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "alert_element" (
  "host_id" INTEGER NOT NULL,
  "id" SERIAL NOT NULL,
  "rule_id" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "labels" JSONB NOT NULL,
  CONSTRAINT "alert_element_pkey" PRIMARY KEY ("host_id", "id"),
  CONSTRAINT "alert_element_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "alert_element_host_id_rule_id_key_key" ON "alert_element" ("host_id", "rule_id", "key");
