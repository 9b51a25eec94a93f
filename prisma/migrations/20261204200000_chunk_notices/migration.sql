-- Processes hold what they read of series: they are told at commit of which hosts chunks changed, and with them frames, whoever changes them.
CREATE FUNCTION tell_chunks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sightline_chunks', host_id::text) FROM (SELECT DISTINCT host_id FROM changed) hosts;
  RETURN NULL;
END
$$;

CREATE TRIGGER "chunk_inserted" AFTER INSERT ON "chunk" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_chunks();
CREATE TRIGGER "chunk_updated" AFTER UPDATE ON "chunk" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_chunks();
CREATE TRIGGER "chunk_deleted" AFTER DELETE ON "chunk" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_chunks();
