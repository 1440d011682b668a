import { InvalidResultError, type Issue } from '../../errors';
import type { Result } from '../../protocol/types';
import { issuePath } from '../../util/issuePath';
import { reasonOf } from '../../util/reasonOf';
import { createJsonSchemaValidator, type JsonSchemaValidator } from './jsonSchemaValidator';

/**
 * Checks that a tool's result matches the tool's output schema.
 *
 * @throws `InvalidResultError` if the result does not match, or the schema cannot be used.
 */
export function assertValidOutput(tool: unknown, schema: Record<string, unknown>, result: Result): void {
  let issues: Issue[];
  try {
    issues = issuesOf(schema, result['structuredContent']);
  } catch (cause) {
    const message = `tools/call: cannot use the output schema of ${JSON.stringify(tool)} (${reasonOf(cause).message})`;
    throw new InvalidResultError(message, { issues: [{ message: reasonOf(cause).message }], result, cause });
  }
  const [first] = issues;
  if (!first) return;
  const detail = `${issuePath(first)}: ${first.message}`;
  const message = `tools/call: the result of ${JSON.stringify(tool)} does not match its output schema (${detail})`;
  throw new InvalidResultError(message, { issues, result });
}

/**
 * The compiled validator of each schema. A schema is compiled when its tool is first called, because most tools are
 * never called.
 */
const validators = new WeakMap<Record<string, unknown>, JsonSchemaValidator>();

function issuesOf(schema: Record<string, unknown>, content: unknown): Issue[] {
  if (content === undefined) return [{ message: 'expected an object', path: ['structuredContent'] }];
  const validator = validators.get(schema) ?? createJsonSchemaValidator(schema);
  validators.set(schema, validator);
  return validator(content).map(({ message, path = [] }) => ({ message, path: ['structuredContent', ...path] }));
}
