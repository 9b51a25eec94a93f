-- The kinds of maintenance signals are snake_case in the API, as all its words are; the status of a recommendation goes by its kind.
UPDATE "recommendation_state" SET "key" = 'memory_leak:' || substr("key", length('memory leak:') + 1)
WHERE "key" LIKE 'memory leak:%';
