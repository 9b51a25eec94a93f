import { Body, Container, Head, Heading, Hr, Html, Img, Link, Preview, Section, Text } from "@react-email/components";
import { render } from "@react-email/render";
import { DARK, FONT, SMALL } from "#components/mail/style.ts";
import { TimeFormat, UTC_STYLE } from "#lib/format/date-time.ts";
import { formatText } from "#lib/format/value.ts";
import type { Email, EmailImage } from "#lib/notify/mail.ts";
import type { ReportEmailInput } from "#lib/reports/deliver.ts";
import { chartPng } from "#lib/reports/picture.ts";
import type { ReportSection, ReportTable } from "#lib/reports/section.ts";

/** Where its links lead, and the zone that its times are in. */
type Envelope = { report: string; optOut: string; zone: string };

const FIGURES = 6;
const CHARTS = 1;
const ROWS = 10;
/** A mail of fifty hosts is a summary and a link: mail programs cut off what is longer than some 100 KB. */
const PARTS = 12;

const timeOf = (zone: string) => new TimeFormat({ ...UTC_STYLE, zone });
const period = ({ from, to }: ReportEmailInput, time: TimeFormat) => `${time.day(from)} to ${time.day(to)}`;

/** Pictures of a section's first charts, by the name that the mail's text uses. */
const imagesOf = (report: ReportEmailInput, time: TimeFormat): EmailImage[] =>
  report.sections.slice(0, PARTS).flatMap(({ charts }, s) =>
    charts.slice(0, CHARTS).map((chart, n) => ({
      cid: `chart-${s}-${n}`,
      png: chartPng(chart, { from: report.from.getTime(), to: report.to.getTime() }, time),
    })),
  );

/** A table as lines, which a narrow screen and plain text show too. */
function Rows({ table: { columns, rows }, time }: { table: ReportTable; time: TimeFormat }) {
  const line = (row: ReportTable["rows"][number]) =>
    row
      .map((cell, n) => (n === 0 ? `${cell}:` : `${columns[n]} ${cell}`))
      .filter((_, n) => row[n] !== null && row[n] !== "")
      .join(" · ")
      .replace(": ·", ":");
  return (
    <>
      {rows.slice(0, ROWS).map((row) => (
        <Text key={row.join(" ")} className="muted" style={SMALL}>
          {time.inText(line(row))}
        </Text>
      ))}
      {rows.length > ROWS && (
        <Text className="muted" style={SMALL}>
          and {rows.length - ROWS} more
        </Text>
      )}
    </>
  );
}

function Part({ section, index, time }: { section: ReportSection; index: number; time: TimeFormat }) {
  return (
    <Section
      className="card"
      style={{ background: "#ffffff", border: "1px solid #e3e6ea", borderRadius: 8, padding: 16, marginBottom: 12 }}
    >
      <Heading as="h2" className="ink" style={{ fontSize: 15, margin: "0 0 8px", color: "#1c222b" }}>
        {section.title}
      </Heading>
      {section.words.map((words) => (
        <Text
          key={words}
          className="ink"
          style={{ margin: "0 0 6px", fontSize: 14, lineHeight: "20px", color: "#1c222b" }}
        >
          {time.inText(words)}
        </Text>
      ))}
      {section.figures.slice(0, FIGURES).map(({ label, value, unit, rate, before }) => (
        <Text key={label} className="muted" style={SMALL}>
          {label}: {formatText(value, unit, rate)}
          {before === null ? "" : `, ${formatText(before, unit, rate)} in the period before`}
        </Text>
      ))}
      {/* Where there are figures, the table says more of the same. */}
      {section.table && section.figures.length === 0 && <Rows table={section.table} time={time} />}
      {section.charts.slice(0, CHARTS).map((chart, n) => (
        <Img
          key={chart.title}
          src={`cid:chart-${index}-${n}`}
          alt={`${chart.title}: ${chart.lines.map(({ name }) => name).join(", ")}`}
          style={{ width: "100%", maxWidth: 560, height: "auto", marginTop: 10, borderRadius: 4 }}
        />
      ))}
    </Section>
  );
}

function ReportEmail({ report, envelope }: { report: ReportEmailInput; envelope: Envelope }) {
  const time = timeOf(envelope.zone);
  return (
    <Html lang="en">
      <Head>
        <title>{report.title}</title>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{DARK}</style>
      </Head>
      <Preview>{time.inText(report.insights[0] ?? report.title)}</Preview>
      <Body className="paper" style={{ background: "#f5f6f8", fontFamily: FONT, margin: 0, padding: 12 }}>
        <Container style={{ maxWidth: 600, width: "100%", margin: "0 auto" }}>
          <Heading as="h1" className="ink" style={{ fontSize: 18, margin: "8px 0 2px", color: "#1c222b" }}>
            {report.title}
          </Heading>
          <Text className="muted" style={{ margin: "0 0 12px", fontSize: 13, color: "#5b6470" }}>
            {period(report, time)} ({envelope.zone})
          </Text>
          {report.sections.slice(0, PARTS).map((section, index) => (
            <Part key={section.title} section={section} index={index} time={time} />
          ))}
          {report.sections.length > PARTS && (
            <Text className="muted" style={{ ...SMALL, marginBottom: 12 }}>
              {report.sections.length - PARTS} more sections are in the full report.
            </Text>
          )}
          <Link className="link" href={envelope.report} style={{ color: "#0b62b8", fontSize: 14 }}>
            Open report in Sightline
          </Link>
          <Hr style={{ borderColor: "#e3e6ea" }} />
          <Link className="muted" href={envelope.optOut} style={{ color: "#5b6470", fontSize: 12 }}>
            Unsubscribe
          </Link>
        </Container>
      </Body>
    </Html>
  );
}

/** A report as a mail: in HTML that is light or dark as its reader has it, in plain text, and with its charts as attached images. */
export async function renderReportEmail(report: ReportEmailInput, envelope: Envelope): Promise<Email> {
  const element = <ReportEmail report={report} envelope={envelope} />;
  const time = timeOf(envelope.zone);
  const [html, text] = await Promise.all([render(element), render(element, { plainText: true })]);
  return { subject: `${report.title}, ${period(report, time)}`, html, text, images: imagesOf(report, time) };
}
