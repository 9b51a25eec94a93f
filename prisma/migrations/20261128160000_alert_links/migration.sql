CREATE TABLE "alert_link_use" (
  "hash" TEXT NOT NULL,
  "used_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "alert_link_use_pkey" PRIMARY KEY ("hash")
);
