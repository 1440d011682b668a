import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidResultError, type Issue } from '../../errors';
import type { CallToolResult } from '../../protocol/types';
import { issuePath } from '../../util/issuePath';
import { reasonOf } from '../../util/reasonOf';
import type { CallEvent, ToolResultOf } from './callOptions';

/**
 * Parses `structuredContent` with a schema. Resolves with the last event of the call.
 *
 * @throws {@link InvalidResultError} if the value does not match, the tool reported an error, or the schema throws.
 */
export async function parseOutput<S extends StandardSchemaV1>(
  tool: string,
  schema: S,
  result: CallToolResult,
): Promise<CallEvent<ToolResultOf<S>>> {
  const { structuredContent, ...rest } = result;
  const invalid = (message: string, issues: readonly Issue[], cause?: unknown): InvalidResultError =>
    new InvalidResultError(`tools/call ${JSON.stringify(tool)}: ${message}`, { issues, result, cause });
  if (result.isError) {
    const message = `the tool reported an error (${textOf(result).slice(0, maxTextLength)})`;
    throw invalid(message, [{ message }]);
  }
  let parsed: StandardSchemaV1.Result<StandardSchemaV1.InferOutput<S>>;
  try {
    parsed = await validate(schema, structuredContent);
  } catch (cause) {
    const message = `the output schema threw (${reasonOf(cause).message})`;
    throw invalid(message, [{ message }], cause);
  }
  if (!parsed.issues) return { kind: 'result', result: { ...rest, structuredContent: parsed.value } };
  const issues = parsed.issues.map((issue) => ({ ...issue, path: ['structuredContent', ...(issue.path ?? [])] }));
  const details = issues.slice(0, maxIssues).map((issue) => `${issuePath(issue)}: ${issue.message}`);
  const further = issues.length > maxIssues ? [`${String(issues.length - maxIssues)} more`] : [];
  throw invalid(`the result does not match the schema of \`output\` (${[...details, ...further].join('; ')})`, issues);
}

/** The maximum number of issues in the message. */
const maxIssues = 3;

/** The maximum length of a tool's error text in the message, in characters. */
const maxTextLength = 200;

function textOf({ content }: CallToolResult): string {
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(' ');
}

async function validate<S extends StandardSchemaV1>(
  schema: S,
  value: unknown,
): Promise<StandardSchemaV1.Result<StandardSchemaV1.InferOutput<S>>>;
async function validate(schema: StandardSchemaV1, value: unknown): Promise<StandardSchemaV1.Result<unknown>> {
  return schema['~standard'].validate(value);
}
