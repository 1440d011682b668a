import { lastValueFrom, map, tap } from 'rxjs';
import type { MCPSession } from '../../client/session/mcpSession';
import { ServerError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import type { CallToolResult } from '../../protocol/types';
import { didYouMean, nearestName } from '../../util/nearestName';
import type { CommandLine } from '../commandLine';
import { exitCodeOfCall, exitCodes } from '../exitCode';
import { progressText } from '../notificationLine';
import { createSession, withSession } from '../openSession';
import { reportError } from '../report';
import { resolveTarget } from '../target';
import type { Terminal } from '../terminal';
import { truncate, oneLine, printable } from '../text';
import { parseToolArguments } from '../toolArguments';
import { describeTextArguments } from '../textArguments';
import { UsageError } from '../usageError';

/** `rx-mcp call`: calls a tool and prints its result. */
export async function call(line: CommandLine, terminal: Terminal): Promise<number> {
  const words = [...line.words];
  const word = line.program ? undefined : words.shift();
  const [tool, ...given] = words;
  if (tool === undefined)
    throw new UsageError(`call: expected ${line.program ? '' : 'a target and '}the name of a tool`);
  const timeout = line.duration('timeout');
  const target = await resolveTarget(line, word);
  const args = await parseToolArguments(given, process.stdin);
  const json = line.flag('json');
  const startedAt = Date.now();
  const used = await withSession(createSession(target, terminal, json), terminal, async (session) => {
    try {
      const result = await callTool(session, tool, args, timeout, progressPrinter(line, terminal));
      printResult(result, json, terminal);
      if (result.isError !== true) return exitCodes.ok;
      const mistake = await findMistake(session, tool, args);
      if (mistake) reportError(terminal, mistake.error, json);
      return exitCodes.toolError;
    } catch (error) {
      const mistake = error instanceof ServerError ? await findMistake(session, tool, args) : undefined;
      if (mistake?.kind !== 'tool') reportError(terminal, error, json);
      if (mistake) reportError(terminal, mistake.error, json);
      return exitCodeOfCall(error);
    }
  });
  const code = used ?? exitCodes.interrupted;
  if (json) terminal.print(JSON.stringify({ summary: { tool, ms: Date.now() - startedAt, exitCode: code } }));
  return code;
}

type PrintProgress = (params: Record<string, unknown>) => void;

function callTool(
  session: MCPSession,
  tool: string,
  args: Record<string, unknown>,
  timeout: number | undefined,
  printProgress: PrintProgress,
): Promise<CallToolResult> {
  return lastValueFrom(
    session.callTool$(tool, args, timeout === undefined ? {} : { timeout }).pipe(
      tap((event) => {
        if (event.kind !== 'progress') return;
        const { kind: _, ...params } = event;
        printProgress(params);
      }),
      map((event) => (event.kind === 'result' ? event.result : { content: [] })),
    ),
  );
}

function progressPrinter(line: CommandLine, terminal: Terminal): PrintProgress {
  if (line.flag('no-progress')) return () => undefined;
  if (!line.flag('json')) return (params) => terminal.status(truncate(progressText(params), terminal.columns - 1));
  return (params) => terminal.print(JSON.stringify({ method: 'notifications/progress', params }));
}

function printResult(result: CallToolResult, json: boolean, terminal: Terminal): void {
  if (json) {
    terminal.print(JSON.stringify(result));
    return;
  }
  const lines = result.content.map((item) => {
    if (item.type === 'text') return printable(item.text);
    if (item.type === 'resource_link') return `${oneLine(item.name)}: ${oneLine(item.uri)}`;
    if (item.type === 'resource')
      return 'text' in item.resource ? printable(item.resource.text) : oneLine(item.resource.uri);
    return `[${item.type}: ${oneLine(item.mimeType)}, ${item.data.length} base64 characters]`;
  });
  if (lines.length === 0 && result.structuredContent) lines.push(JSON.stringify(result.structuredContent));
  for (const text of lines) terminal.print(result.isError === true ? terminal.style('red', text) : text);
}

/** A likely mistake of the user: a tool that the server does not have, or arguments of another type. */
interface Mistake {
  kind: 'tool' | 'arguments';
  error: ServerError;
}

/** Looks for a mistake in a call that has failed, if the server lists its tools. */
async function findMistake(
  session: MCPSession,
  tool: string,
  args: Record<string, unknown>,
): Promise<Mistake | undefined> {
  const tools = await session.listTools().catch(() => undefined);
  if (!tools) return undefined;
  const code = errorCode.invalidParams;
  const listed = tools.find(({ name }) => name === tool);
  if (listed) {
    const text = describeTextArguments(listed, args);
    return text === undefined ? undefined : { kind: 'arguments', error: new ServerError(`call: ${text}`, { code }) };
  }
  const names = tools.map(({ name }) => name);
  const suggestion =
    nearestName(tool, names) === undefined ? '; rx-mcp list shows those of the server' : didYouMean(tool, names);
  return { kind: 'tool', error: new ServerError(`call: no such tool ${JSON.stringify(tool)}${suggestion}`, { code }) };
}
