import { MethodBadge } from "#components/help/method-badge.tsx";
import { curlOf, type Operation, schemasOf } from "#components/help/operations.ts";
import { noteOf, type Schema, type SchemaRow, schemaRows, typeText } from "#components/help/schema-rows.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Link } from "#components/ui/link.tsx";
import { Table } from "#components/ui/table.tsx";

const INDENT_REM = 1;

function Rows({ rows }: { rows: SchemaRow[] }) {
  return (
    <Table columns={["Field", "Type", "What it is"]}>
      {rows.map(({ name, depth, type, isRequired, note }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name recurs at other places, and rows never move
        <tr key={n} className="align-top">
          <td className="py-1 pr-3" style={{ paddingLeft: `${depth * INDENT_REM}rem` }}>
            <code>{name}</code>
            {!isRequired && <span className="text-muted"> optional</span>}
          </td>
          <td className="max-w-80 break-words py-1 pr-3">{type}</td>
          <td className="max-w-xl break-words py-1 text-muted">{note}</td>
        </tr>
      ))}
    </Table>
  );
}

function SchemaCard({ title, schema }: { title: string; schema: Schema }) {
  const rows = schemaRows(schema);
  return (
    <Card>
      <CardTitle aside={rows.length > 0 ? typeText(schema) : undefined}>{title}</CardTitle>
      {rows.length > 0 ? (
        <Rows rows={rows} />
      ) : (
        <p className="text-xs">{[typeText(schema), noteOf(schema)].filter(Boolean).join(". ")}</p>
      )}
    </Card>
  );
}

const parameterRows = ({ parameters = [] }: Operation): SchemaRow[] =>
  parameters.map(({ name, in: where, required = false, description = "", schema = {} }) => ({
    name,
    depth: 0,
    type: typeText(schema),
    isRequired: required,
    note: [where === "path" ? "In the path" : "", noteOf({ ...schema, description: schema.description ?? description })]
      .filter(Boolean)
      .join(". "),
  }));

type Props = { method: string; path: string; operation: Operation; root: string };

/** One operation: who may call it, what it takes and what it answers. */
export function OperationPage({ method, path, operation, root }: Props) {
  const { body, status, answer } = schemasOf(operation);
  const parameters = parameterRows(operation);
  const curl = curlOf(method, path, operation, root);
  return (
    <>
      <PageTitle
        note={operation.summary}
        aside={
          <Link href="/help/reference" className="text-muted text-sm hover:text-ink">
            All operations
          </Link>
        }
      >
        <span className="break-all">
          <MethodBadge method={method} /> <code>{path}</code>
        </span>
      </PageTitle>
      <div className="max-w-5xl space-y-3">
        <Card>
          <CardTitle aside={<CopyButton text={curl} act="Copy" name="the line" />}>Call it</CardTitle>
          <CodeBlock label="Line for a shell" text={curl} />
          <p className="mt-2 text-muted text-xs">{operation.description}</p>
        </Card>
        {parameters.length > 0 && (
          <Card>
            <CardTitle>Parameters</CardTitle>
            <Rows rows={parameters} />
          </Card>
        )}
        {body && <SchemaCard title="Body" schema={body} />}
        {answer ? (
          <SchemaCard title={`Answer ${status}`} schema={answer} />
        ) : (
          <Card>
            <CardTitle>Answer {status}</CardTitle>
            <p className="text-muted text-xs">No body that is described here: nothing, or a file.</p>
          </Card>
        )}
      </div>
    </>
  );
}
