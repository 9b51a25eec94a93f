CREATE TABLE "status_page" (
  "id" SERIAL NOT NULL,
  "slug" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "is_public" BOOLEAN NOT NULL,
  "groups" JSONB NOT NULL,
  "created_by" UUID,
  CONSTRAINT "status_page_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "status_page_slug_key" ON "status_page" ("slug");

CREATE TABLE "status_subscriber" (
  "id" SERIAL NOT NULL,
  "page_id" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "confirmed_at" TIMESTAMPTZ(3),
  CONSTRAINT "status_subscriber_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "status_subscriber_page_id_email_key" ON "status_subscriber" ("page_id", "email");
ALTER TABLE "status_subscriber" ADD CONSTRAINT "status_subscriber_page_id_fkey" FOREIGN KEY ("page_id") REFERENCES "status_page" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
