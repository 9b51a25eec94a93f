-- The hour of the week was written by the server's clock, which is not the reader's.
UPDATE "performance_anomaly"
SET "reason" = regexp_replace("reason", ' expected on (Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)days at \d\d:00', ' expected at this time of the week')
WHERE "reason" ~ ' expected on \w+days at \d\d:00';
