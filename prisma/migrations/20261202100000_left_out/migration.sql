ALTER TABLE "agent"
  ADD COLUMN "left_out" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "left_out_reason" TEXT,
  ADD COLUMN "left_out_at" TIMESTAMPTZ(3);
