-- CreateTable
CREATE TABLE "report_schedule" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "host_ids" INTEGER[],
    "days" DOUBLE PRECISION NOT NULL,
    "cron" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "recipients" TEXT[],
    "roles" TEXT[],
    "quiet" BOOLEAN NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_delivery" (
    "id" SERIAL NOT NULL,
    "schedule_id" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "recipient" TEXT NOT NULL,
    "report_id" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "try_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "failure" TEXT,

    CONSTRAINT "report_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail_opt_out" (
    "schedule_id" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mail_opt_out_pkey" PRIMARY KEY ("schedule_id","email")
);

-- CreateIndex
CREATE INDEX "report_schedule_next_at_idx" ON "report_schedule"("next_at");

-- CreateIndex
CREATE INDEX "report_delivery_sent_at_try_at_idx" ON "report_delivery"("sent_at", "try_at");

-- CreateIndex
CREATE UNIQUE INDEX "report_delivery_schedule_id_due_at_recipient_key" ON "report_delivery"("schedule_id", "due_at", "recipient");

-- AddForeignKey
ALTER TABLE "report_delivery" ADD CONSTRAINT "report_delivery_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "report_schedule"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_opt_out" ADD CONSTRAINT "mail_opt_out_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "report_schedule"("id") ON DELETE CASCADE ON UPDATE CASCADE;
