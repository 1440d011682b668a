import { readFile } from 'node:fs/promises';
import { firstValueFrom } from 'rxjs';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { ConfigError } from '../../errors';
import { parseRecording, type Recording } from '../../testing/recording/format';
import { reasonOf } from '../../util/reasonOf';
import type { CommandLine } from '../commandLine';
import { exitCodes } from '../exitCode';
import { createReplays, join } from '../replays';
import { serveReplays } from '../serveReplays';
import type { Terminal } from '../terminal';
import { UsageError } from '../usageError';

/** `rx-mcp replay`: serves a recording to other clients, over HTTP or standard input and output. */
export async function replay(line: CommandLine, terminal: Terminal): Promise<number> {
  const [path, extra] = line.words;
  if (path === undefined) throw new UsageError('replay: expected a recording');
  if (extra !== undefined) throw new UsageError(`replay: unexpected argument ${JSON.stringify(extra)}`);
  const pace = line.text('pace') ?? 'recorded';
  if (pace !== 'recorded' && pace !== 'asap') {
    throw new UsageError(`--pace: expected recorded or asap, got ${JSON.stringify(pace)}`);
  }
  const port = portOf(line.text('port'));
  if (line.flag('stdio') && port !== undefined) throw new UsageError('replay: expected either --stdio or --port');
  const recorded = await readRecording(path);
  const replays = createReplays(recorded, pace);
  if (line.flag('stdio')) {
    const transport = new StdioServerTransport();
    const ended = join(transport, replays.next());
    process.stdin.on('end', () => void transport.close());
    terminal.stop$.subscribe(() => void transport.close());
    await ended;
    return exitCodes.ok;
  }
  const server = await serveReplays(replays, port ?? 0, recorded.header.era === 'modern' ? 'modern' : 'legacy');
  terminal.print(line.flag('json') ? JSON.stringify({ url: server.url }) : server.url);
  await firstValueFrom(terminal.stop$);
  await server.close();
  return exitCodes.ok;
}

async function readRecording(path: string): Promise<Recording> {
  try {
    return parseRecording(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`${path}: ${reasonOf(cause).message}`, { path, cause });
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536 && text !== '') return port;
  throw new UsageError(`--port: expected a port number, got ${JSON.stringify(text)}`);
}
