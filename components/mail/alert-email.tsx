import {
  Body,
  Button,
  Container,
  Head,
  Heading,
  Html,
  Img,
  Link,
  Preview,
  Section,
  Text,
} from "@react-email/components";
import { render } from "@react-email/render";
import { DARK, FONT, SMALL } from "#components/mail/style.ts";
import { type AlertLine, type EmailInput, fires, textOf, titleOf } from "#lib/alerts/channels/message.ts";
import { TimeFormat, UTC_STYLE } from "#lib/format/date-time.ts";
import type { Email } from "#lib/notify/mail.ts";
import { chartPng } from "#lib/reports/picture.ts";

const TINTS = { critical: "#b42318", warning: "#a15c00", info: "#0b62b8", resolved: "#1a7f37" };
const LINES = 20;
const CHART = "alert-chart";
const TIME = new TimeFormat(UTC_STYLE);

const tintOf = ({ state, severity }: AlertLine): string => (state === "firing" ? TINTS[severity] : TINTS.resolved);

const CARD = { background: "#ffffff", border: "1px solid #e3e6ea", borderRadius: 8, padding: 16, marginBottom: 12 };
const BUTTON = { borderRadius: 6, padding: "8px 14px", fontSize: 14, marginRight: 8 };

function Line({ line }: { line: AlertLine }) {
  const { state, severity, summary, rule, startedAt, note, runbook } = line;
  return (
    <Section className="card" style={{ ...CARD, borderLeft: `4px solid ${tintOf(line)}` }}>
      <Text className="ink" style={{ margin: 0, fontSize: 15, fontWeight: 600, color: "#1c222b" }}>
        {summary}
      </Text>
      <Text className="muted" style={SMALL}>
        {state === "firing" ? severity : "resolved"} · {rule} · since {TIME.instant(Date.parse(startedAt))} UTC
      </Text>
      {note && (
        <Text className="ink" style={{ margin: "6px 0 0", fontSize: 13, color: "#1c222b" }}>
          {note}
        </Text>
      )}
      {runbook && (
        <Link className="link" href={runbook} style={{ color: "#0b62b8", fontSize: 13 }}>
          {runbook}
        </Link>
      )}
    </Section>
  );
}

function Cause({ details: { causes, chart } }: Pick<EmailInput, "details">) {
  if (causes.length === 0 && !chart) return null;
  return (
    <Section className="card" style={CARD}>
      {chart && (
        <>
          <Text className="muted" style={SMALL}>
            {chart.title}
          </Text>
          <Img
            src={`cid:${CHART}`}
            alt={`Chart of ${chart.title}`}
            style={{ width: "100%", maxWidth: 560, height: "auto" }}
          />
        </>
      )}
      {causes.map((cause) => (
        <Text key={cause} className="ink" style={{ margin: "6px 0 0", fontSize: 13, color: "#1c222b" }}>
          {TIME.inText(cause)}
        </Text>
      ))}
    </Section>
  );
}

function Links({ links }: Pick<EmailInput, "links">) {
  if (!links) return null;
  const quiet = { ...BUTTON, border: "1px solid #c9ced6", color: "#1c222b", background: "#ffffff" };
  return (
    <Section style={{ marginBottom: 12 }}>
      <Button href={links.open} style={{ ...BUTTON, background: "#0b62b8", color: "#ffffff" }}>
        Open alert
      </Button>
      {links.acknowledge && (
        <Button href={links.acknowledge} style={quiet}>
          Acknowledge
        </Button>
      )}
      {links.silence && (
        <Button href={links.silence} style={quiet}>
          Silence for 2 hours
        </Button>
      )}
    </Section>
  );
}

function AlertEmail({ message, details, links }: EmailInput) {
  const title = titleOf(message);
  return (
    <Html lang="en">
      <Head>
        <title>{title}</title>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{DARK}</style>
      </Head>
      <Preview>{title}</Preview>
      <Body className="paper" style={{ background: "#f5f6f8", fontFamily: FONT, margin: 0, padding: 12 }}>
        <Container style={{ maxWidth: 600, width: "100%", margin: "0 auto" }}>
          <Heading as="h1" className="ink" style={{ fontSize: 18, margin: "8px 0 12px", color: "#1c222b" }}>
            {message.host}
          </Heading>
          {message.lines.slice(0, LINES).map((line) => (
            <Line key={`${line.id} ${line.state}`} line={line} />
          ))}
          {message.lines.length > LINES && (
            <Text className="muted" style={SMALL}>
              and {message.lines.length - LINES} more
            </Text>
          )}
          {fires(message) && <Cause details={details} />}
          <Links links={links} />
        </Container>
      </Body>
    </Html>
  );
}

function plainText({ message, details, links }: EmailInput): string {
  const acts = links?.acknowledge ? [`Acknowledge: ${links.acknowledge}`, `Silence for 2 hours: ${links.silence}`] : [];
  return [textOf(message), ...(fires(message) ? details.causes : []), ...acts].join("\n\n");
}

/** A notification as a mail: in HTML with the chart of its first alert, and in plain text. */
export async function renderAlertEmail(input: EmailInput): Promise<Email> {
  const { message, details } = input;
  const { chart } = details;
  const drawn = fires(message) && chart && chart.points.length > 1 ? chart : null;
  const shown = { ...input, details: { ...details, chart: drawn } };
  const images = drawn
    ? [
        {
          cid: CHART,
          png: chartPng(
            {
              title: drawn.title,
              unit: drawn.unit,
              rate: drawn.rate,
              lines: [{ name: drawn.title, points: drawn.points }],
            },
            { from: drawn.from, to: drawn.to },
            TIME,
          ),
        },
      ]
    : [];
  return { subject: titleOf(message), html: await render(<AlertEmail {...shown} />), text: plainText(input), images };
}
