-- The URL of an experiment's webhook, encrypted: its path is a secret. The plan holds the part that is shown.
ALTER TABLE "experiment" ADD COLUMN "webhook_sealed" TEXT;
