-- Advice on a saturated resource goes by the resource's kind and subject instead of the words that it is shown by.
UPDATE "recommendation_state" SET "key" = CASE
    WHEN "key" = 'bottleneck:CPU' THEN 'bottleneck:cpu:'
    WHEN "key" = 'bottleneck:Memory' THEN 'bottleneck:memory:'
    WHEN "key" = 'bottleneck:Disk' THEN 'bottleneck:disk:'
    WHEN "key" LIKE 'bottleneck:Disk %' THEN 'bottleneck:disk:' || substr("key", length('bottleneck:Disk ') + 1)
    ELSE 'bottleneck:database_connections:'
END
WHERE "key" IN ('bottleneck:CPU', 'bottleneck:Memory', 'bottleneck:Disk', 'bottleneck:Database connections')
   OR "key" LIKE 'bottleneck:Disk %';
