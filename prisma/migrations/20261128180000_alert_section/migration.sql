ALTER TYPE "report_section" ADD VALUE 'alerts' AFTER 'anomalies';
