-- Accounts that are invited have no password yet; a one-time link lets their owner choose one, or a new one.
ALTER TABLE "user" ADD COLUMN "last_seen_at" TIMESTAMPTZ(3);
UPDATE "user" u SET "last_seen_at" = (SELECT max(s."last_seen_at") FROM "session" s WHERE s."user_id" = u."id");

CREATE TABLE "account_link" (
    "user_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_link_pkey" PRIMARY KEY ("user_id")
);
CREATE UNIQUE INDEX "account_link_hash_key" ON "account_link"("hash");
ALTER TABLE "account_link" ADD CONSTRAINT "account_link_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a token may do, by the names of permissions. None is a token of before: all that its owner may, but for accounts.
ALTER TABLE "api_token" ADD COLUMN "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- Which rotation of a session's cookie is the newest, and which came before it.
ALTER TABLE "session" ADD COLUMN "rotation" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "rotated_at" TIMESTAMPTZ(3);
