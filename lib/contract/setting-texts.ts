type SettingText = { group: string; title: string; unit: string; default: number | boolean | string; help: string };

const TEXTS = {
  collection_interval: {
    group: "Collection",
    title: "Collection interval",
    unit: "s",
    default: 5,
    help: "Time between two samples of a host, 1 to 3600 s. Shorter intervals show more and cost more.",
  },
  collect_command_lines: {
    group: "Collection",
    title: "Command lines of processes",
    unit: "",
    default: true,
    help: "Keeps the command lines of the processes that use most, with what looks like a secret masked. Off: only their names.",
  },
  ingest_max_kib: {
    group: "Collection",
    title: "Largest ingest request",
    unit: "KiB",
    default: 1_024,
    help: "How long the body of a request that sends events may be, 64 to 65536 KiB. Every other request may have 64 KiB.",
  },
  ingest_per_minute: {
    group: "Collection",
    title: "Ingest requests per minute",
    unit: "/min",
    default: 30_000,
    help: "How many requests that assign or send events one API token or publishable key may make a minute, 60 to 1000000.",
  },
  rate_limit_per_minute: {
    group: "Request limits",
    title: "Requests per account or token",
    unit: "/min",
    default: 3_000,
    help: "How many API requests one account or API token may make a minute, 60 to 1000000. A page makes some 20 when it is opened.",
  },
  rate_limit_address_per_minute: {
    group: "Request limits",
    title: "Requests per address",
    unit: "/min",
    default: 12_000,
    help: "How many requests one network address may make a minute, 60 to 1000000: also the one that a whole office shares.",
  },
  retention_raw_days: {
    group: "Retention",
    title: "Raw retention",
    unit: "days",
    default: 90,
    help: "How long raw samples are kept. Their rollups last longer.",
  },
  retention_minute_days: {
    group: "Retention",
    title: "1-minute rollup retention",
    unit: "days",
    default: 365,
    help: "How long average, minimum, maximum and last value of each minute are kept.",
  },
  retention_hour_days: {
    group: "Retention",
    title: "1-hour rollup retention",
    unit: "days",
    default: 1_826,
    help: "How long average, minimum, maximum and last value of each hour are kept.",
  },
  retention_process_days: {
    group: "Retention",
    title: "Process retention",
    unit: "days",
    default: 30,
    help: "How long it is kept which processes used most, up to 4 MB a day and host at 5 s.",
  },
  retention_anomaly_days: {
    group: "Retention",
    title: "Anomaly and alert retention",
    unit: "days",
    default: 365,
    help: "How long anomalies and incidents are kept after their end.",
  },
  dashboard_refresh: {
    group: "Charts",
    title: "Refresh",
    unit: "s",
    default: 5,
    help: "How often charts move on while they show the time up to now, 1 to 3600 s. Who reads them can choose otherwise for a page, or pause it.",
  },
  detection: {
    group: "Detection",
    title: "Anomaly detection",
    unit: "",
    default: true,
    help: "Learns what is normal for each series and raises what is not.",
  },
  detection_sensitivity: {
    group: "Detection",
    title: "Sensitivity",
    unit: "0–10",
    default: 5,
    help: "Higher raises more anomalies. Settings, Detection previews the expected alerts.",
  },
  detection_seasons: {
    group: "Detection",
    title: "Seasonality",
    unit: "",
    default: true,
    help: "Compares a sample with the same time of day and of the week as well.",
  },
  wording: {
    group: "Language model",
    title: "Rephrase insights with a language model",
    unit: "",
    default: false,
    help: "Off: texts are written by rules. On: each text is checked, and refused when it contains a figure that the evidence does not.",
  },
  wording_url: {
    group: "Language model",
    title: "Address",
    unit: "",
    default: "",
    help: "An OpenAI-compatible endpoint, for example http://127.0.0.1:11434/v1. Texts to rephrase are sent there.",
  },
  wording_model: {
    group: "Language model",
    title: "Model",
    unit: "",
    default: "",
    help: "The name of the model at this address.",
  },
  wording_redact: {
    group: "Language model",
    title: "Redact names and figures",
    unit: "",
    default: true,
    help: "Placeholders are sent instead and filled in here: no host, disk, table or value leaves the portal.",
  },
  mail_from: {
    group: "Mail",
    title: "Sender",
    unit: "",
    default: "",
    help: "The sender of all mails, for example Sightline <sightline@example.org>. Empty: no mail is sent.",
  },
  session_max_age_minutes: {
    group: "Sign-in",
    title: "Session timeout",
    unit: "min",
    default: 720,
    help: "A session that is not used for this long ends.",
  },
  session_max_days: {
    group: "Sign-in",
    title: "Longest session",
    unit: "days",
    default: 30,
    help: "However much it is used, a session ends after this long: then one signs in again.",
  },
  session_rotation_minutes: {
    group: "Sign-in",
    title: "Session rotation",
    unit: "min",
    default: 15,
    help: "How often an open page gets a fresh session cookie.",
  },
} satisfies Record<string, SettingText>;

/** The name of a setting, in the API too. */
export type SettingKey = keyof typeof TEXTS;

/** What each setting is, for the page that shows it: apart from what checks it, since pages have no zod. */
export const SETTINGS: Record<SettingKey, SettingText> = TEXTS;

/** All settings, in the order of their page. */
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
