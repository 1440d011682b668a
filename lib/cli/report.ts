import { MCPError } from '../errors';
import { reasonOf } from '../util/reasonOf';
import { oneLine, sentence, withoutSecrets } from './text';
import type { Terminal } from './terminal';

/**
 * Writes an error to standard error as one sentence or one JSON object, never with a stack trace. Errors after an interruption are
 * not written, because the interruption causes them.
 */
export function reportError(terminal: Terminal, error: unknown, json: boolean, server?: string): void {
  if (terminal.isStopped) return;
  const { message } = reasonOf(error);
  const text = error instanceof Error ? error.message || message : message;
  if (json) {
    const { name, retryable, status } = fieldsOf(error);
    terminal.note(
      JSON.stringify({ error: { name, message: oneLine(withoutSecrets(text)), retryable, status, server } }),
    );
  } else {
    terminal.note(`rx-mcp: ${server === undefined ? '' : `${server}: `}${sentence(text)}`);
  }
}

function fieldsOf(error: unknown): { name: string; retryable: boolean; status?: unknown } {
  const name = error instanceof Error ? error.name : 'Error';
  if (!(error instanceof MCPError)) return { name, retryable: false };
  return { name, retryable: error.retryable, ...('status' in error && { status: error.status }) };
}
