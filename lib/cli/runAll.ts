import type { MCPSession } from '../client/session/mcpSession';
import { exitCodeOf, exitCodes } from './exitCode';
import { createSession, withSession } from './openSession';
import { reportError } from './report';
import type { Target } from './target';
import type { Terminal } from './terminal';

export interface RunOptions {
  terminal: Terminal;
  json: boolean;
  /** The exit code to use after Ctrl-C. */
  interrupted: number;
  /** Called with each connected session. Resolves with an exit code. */
  use(session: MCPSession, target: Target): Promise<number>;
  /** Called with each session before it connects. */
  prepare?(session: MCPSession, target: Target): void;
}

/**
 * Connects to several servers, and runs a function on each of them concurrently. If a server fails, the error is
 * reported, and the others continue.
 *
 * @returns the first exit code that is not 0, in the order of the targets.
 */
export async function runAll(targets: readonly Target[], options: RunOptions): Promise<number> {
  const { terminal, json, interrupted, use, prepare } = options;
  const codes = await Promise.all(
    targets.map(async (target) => {
      const session = createSession(target, terminal, json);
      prepare?.(session, target);
      try {
        return (await withSession(session, terminal, () => use(session, target))) ?? interrupted;
      } catch (error) {
        reportError(terminal, error, json, targets.length > 1 ? target.name : undefined);
        return exitCodeOf(error);
      }
    }),
  );
  return codes.find((code) => code !== exitCodes.ok) ?? exitCodes.ok;
}
