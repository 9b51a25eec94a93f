-- Chunks are coded already: PostgreSQL need not try to compress them. What is deleted or written over is to be found again before the table has grown by much.
ALTER TABLE "chunk" ALTER COLUMN "data" SET STORAGE EXTERNAL;
ALTER TABLE "chunk" SET (autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_scale_factor = 0.02);
