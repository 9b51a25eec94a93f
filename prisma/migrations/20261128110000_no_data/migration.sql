-- A host that sends nothing any more is an anomaly too.
ALTER TYPE "anomaly_type" ADD VALUE 'no_data';
ALTER TYPE "anomaly_source" ADD VALUE 'no_data';
