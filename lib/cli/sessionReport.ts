import type { MCPSession } from '../client/session/mcpSession';
import type { SessionStatus } from '../client/session/sessionStatus';
import type { MCPError } from '../errors';
import { reportError } from './report';
import { oneLine, sentence, withoutSecrets } from './text';
import type { Terminal } from './terminal';

export interface SessionReportOptions {
  terminal: Terminal;
  json: boolean;
  /** The name of the server, if there are several. */
  server?: string | undefined;
  /** Called after each reconnection. */
  onReconnected?(): void;
}

/**
 * Writes the reconnections, gaps and errors of a session to standard error. Errors before the first connection are not
 * written, because the caller receives them.
 */
export function reportStatus(
  session: MCPSession,
  { terminal, json, server, onReconnected }: SessionReportOptions,
): void {
  let before: SessionStatus | undefined;
  // Consecutive attempts usually fail for the same reason, which is reported only once.
  let reported: string | undefined;
  /** The error of the last reconnection. */
  let announced: MCPError | undefined;
  const report = (value: object, text: string): void => {
    // Ctrl-C in a terminal also ends a server that this process started.
    if (terminal.isStopped) return;
    terminal.note(
      json ? JSON.stringify({ ...value, server }) : `rx-mcp: ${server === undefined ? '' : `${server}: `}${text}`,
    );
  };
  session.status$.subscribe((status) => {
    if (status.state === 'connected' && before?.state !== 'connected') {
      const isFirst = before === undefined;
      if (!isFirst) onReconnected?.();
      reported = undefined;
      if (!isFirst || !json) report({ status }, `${isFirst ? 'connected' : 'connected again'}${serverOf(session)}`);
    } else if (status.state === 'reconnecting' && before !== undefined) {
      const { attempt, delay, error } = status;
      report(
        { status: { ...status, error: { name: error.name, message: oneLine(withoutSecrets(error.message)) } } },
        `reconnecting, attempt ${attempt} in ${Math.round(delay)} ms${error.message === reported ? '' : `: ${sentence(error.message)}`}`,
      );
      reported = error.message;
      announced = error;
    }
    if (before !== undefined || status.state === 'connected') before = status;
  });
  session.gaps$.subscribe(({ since, until, cause }) => {
    const { name, message } = cause;
    report(
      { gap: { since, until, cause: { name, message: oneLine(withoutSecrets(message)) } } },
      `gap of ${until - since} ms: notifications may have been missed`,
    );
  });
  session.errors$.subscribe((error) => {
    if (before === undefined) return;
    if (json) {
      reportError(terminal, error, json, server);
      return;
    }
    // A lost connection is reported first as an error, then as a status with the same error. One line is enough for a reader.
    queueMicrotask(() => {
      if (error !== announced) reportError(terminal, error, json, server);
    });
  });
}

function serverOf({ serverInfo, protocolVersion }: MCPSession): string {
  if (!serverInfo) return '';
  return ` to ${oneLine(serverInfo.name)} ${oneLine(serverInfo.version)}, protocol ${protocolVersion ?? 'unknown'}`;
}
