-- What the background worker would read each few seconds, and seldom changes, it holds as well: a notice comes at commit.
CREATE TRIGGER "alert_rule_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "alert_rule" FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
CREATE TRIGGER "alert_instance_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "alert_instance" FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
CREATE TRIGGER "alert_channel_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "alert_channel" FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
CREATE TRIGGER "work_failure_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "work_failure" FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
CREATE TRIGGER "performance_anomaly_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "performance_anomaly" FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
CREATE TRIGGER "database_server_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "database_server" FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
CREATE TRIGGER "alert_delivery_notify" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "alert_delivery" FOR EACH STATEMENT EXECUTE FUNCTION tell_change();
