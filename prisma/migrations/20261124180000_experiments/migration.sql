-- CreateTable
CREATE TABLE "experiment" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hypothesis" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'draft',
    "owner_id" UUID,
    "tags" TEXT[],
    "plan" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "experiment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "variant" (
    "experiment_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL,
    "position" INTEGER NOT NULL,
    "host_ids" INTEGER[],

    CONSTRAINT "variant_pkey" PRIMARY KEY ("experiment_id","key")
);

-- CreateTable
CREATE TABLE "experiment_metric" (
    "experiment_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "event" TEXT,
    "denominator" TEXT,
    "series" TEXT,
    "quantile" DOUBLE PRECISION,
    "better" TEXT NOT NULL,
    "min_effect" DOUBLE PRECISION NOT NULL,
    "margin" DOUBLE PRECISION NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "experiment_metric_pkey" PRIMARY KEY ("experiment_id","key")
);

-- CreateTable
CREATE TABLE "exposure" (
    "experiment_id" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "segment" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exposure_pkey" PRIMARY KEY ("experiment_id","subject")
);

-- CreateTable
CREATE TABLE "metric_event" (
    "id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "metric_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subject_total" (
    "experiment_id" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "count" DOUBLE PRECISION NOT NULL,
    "denominator" DOUBLE PRECISION NOT NULL,
    "pre" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "subject_total_pkey" PRIMARY KEY ("experiment_id","subject","metric")
);

-- CreateTable
CREATE TABLE "experiment_total" (
    "experiment_id" INTEGER NOT NULL,
    "metric" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "segment" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "n" DOUBLE PRECISION NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "sum_squares" DOUBLE PRECISION NOT NULL,
    "denominator_sum" DOUBLE PRECISION NOT NULL,
    "denominator_squares" DOUBLE PRECISION NOT NULL,
    "denominator_product" DOUBLE PRECISION NOT NULL,
    "pre_sum" DOUBLE PRECISION NOT NULL,
    "pre_squares" DOUBLE PRECISION NOT NULL,
    "pre_product" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "experiment_total_pkey" PRIMARY KEY ("experiment_id","metric","variant","segment","day")
);

-- CreateTable
CREATE TABLE "verdict" (
    "id" SERIAL NOT NULL,
    "experiment_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decision" TEXT NOT NULL,
    "reasons" JSONB NOT NULL,
    "record" JSONB NOT NULL,
    "notified_at" TIMESTAMPTZ(3),

    CONSTRAINT "verdict_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiment_change" (
    "id" SERIAL NOT NULL,
    "experiment_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "user_id" UUID,
    "action" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "change" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "experiment_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "experiment_key_key" ON "experiment"("key");

-- CreateIndex
CREATE INDEX "exposure_subject_idx" ON "exposure"("subject");

-- CreateIndex
CREATE INDEX "metric_event_subject_metric_idx" ON "metric_event"("subject", "metric");

-- CreateIndex
CREATE INDEX "verdict_experiment_id_at_idx" ON "verdict"("experiment_id", "at");

-- CreateIndex
CREATE INDEX "experiment_change_experiment_id_at_idx" ON "experiment_change"("experiment_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- AddForeignKey
ALTER TABLE "variant" ADD CONSTRAINT "variant_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_metric" ADD CONSTRAINT "experiment_metric_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "exposure" ADD CONSTRAINT "exposure_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_change" ADD CONSTRAINT "experiment_change_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
