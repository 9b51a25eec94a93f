-- Processes hold what seldom changes and is read with each request: a notice comes at commit, whoever changes it.
CREATE FUNCTION notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sightline_changed', TG_TABLE_NAME);
  RETURN NULL;
END
$$;

CREATE TRIGGER "host_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "host" FOR EACH STATEMENT EXECUTE FUNCTION notify_change();
CREATE TRIGGER "series_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "series" FOR EACH STATEMENT EXECUTE FUNCTION notify_change();
CREATE TRIGGER "setting_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "setting" FOR EACH STATEMENT EXECUTE FUNCTION notify_change();
CREATE TRIGGER "api_token_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "api_token" FOR EACH STATEMENT EXECUTE FUNCTION notify_change();
CREATE TRIGGER "user_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "user" FOR EACH STATEMENT EXECUTE FUNCTION notify_change();
