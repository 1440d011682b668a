import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ConfigError, HandlerError, MCPSession, TransportConnector } from 'rx-mcp';
import { recording, replaying } from 'rx-mcp/testing';
import { recordingFile } from 'rx-mcp/testing/node';
import { firstValueFrom } from 'rxjs';
import { parseRecording } from '../../lib/testing/recording/format';

const header = '{"mcp-recording":1}';
const initialize = '{"t":0,"c":1,"dir":"out","message":{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}}';

describe('a broken recording', () => {
  it.each([
    ['', 'line 1: the recording is empty'],
    ['\n\n', 'line 1: the recording is empty'],
    ['hello\n', 'line 1: not valid JSON'],
    ['[]\n', 'line 1: expected an object'],
    ['{"log":{}}', 'line 1: neither a header with "mcp-recording" nor a message of mcporter'],
    ['{"mcp-recording":2}', 'line 1: unsupported version 2 of the format'],
    [`${header}\n\n{"t":0`, 'line 3: not valid JSON'],
    [`${header}\n${initialize}\n{"c":1,"dir":"in","message":{}}`, 'line 3: t: expected milliseconds'],
    [`${header}\n{"t":1,"c":"1","dir":"in","message":{}}`, 'line 2: c: expected the number of a connection'],
    [
      `${header}\n{"t":1,"c":1,"dir":"up","message":{}}`,
      'line 2: expected "dir" in or out, or "event" open, lost, closed or gap',
    ],
    [`${header}\n{"t":1,"c":1,"dir":"in"}`, 'line 2: message: expected an object'],
    [`${header}\n{"t":1,"c":1,"event":"gap"}`, 'line 2: since and until: expected milliseconds'],
    [
      '{"jsonrpc":"2.0","id":1,"method":"a","_meta":{"dir":"send","server":"a","ts":"now"}}',
      'line 1: neither a header',
    ],
  ])('is rejected with the number of the line: %j', (text, message) => {
    expect(() => replaying(text)).toThrow(ConfigError);
    expect(() => replaying(text)).toThrow(`recording: ${message}`);
  });

  it('is rejected if it is a path', () => {
    expect(() => replaying('session.mcp.jsonl')).toThrow(
      'lines: expected the lines of a recording, not the path of a file',
    );
  });

  it('is rejected with the name of an invalid option', () => {
    const options = { match: 'all' } as unknown as Parameters<typeof replaying>[1];
    expect(() => replaying(header, options)).toThrow('match: expected ordered or any');
  });
});

describe('replaying', () => {
  it('replays the first server in a recording of mcporter', async () => {
    const line = (message: object, dir: string, ms: number, server = 'a') =>
      JSON.stringify({ ...message, _meta: { dir, server, ts: new Date(1_780_000_000_000 + ms).toISOString() } });
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'old', version: '1' },
    };
    const session = new MCPSession(
      replaying(
        [
          line({ jsonrpc: '2.0', method: '$transport/start' }, 'lifecycle', 0),
          line({ jsonrpc: '2.0', id: 0, method: 'initialize', params: {} }, 'send', 1),
          line({ jsonrpc: '2.0', id: 9, method: 'initialize', params: {} }, 'send', 1, 'b'),
          line({ jsonrpc: '2.0', id: 0, result }, 'recv', 2),
          line({ jsonrpc: '2.0', method: 'notifications/initialized' }, 'send', 3),
          line(
            { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x', arguments: { b: 1, a: 2 } } },
            'send',
            4,
          ),
          line({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'from mcporter' }] } }, 'recv', 5),
        ].join('\n'),
        { pace: 'asap' },
      ),
    );
    await session.connect();
    expect(session.serverInfo?.name).toBe('old');
    expect(await session.callTool('x', { a: 2, b: 1 })).toMatchObject({ content: [{ text: 'from mcporter' }] });
    await session.disconnect();
  });
});

describe('parseRecording', () => {
  it('reads a transport of mcporter that starts again as another connection', () => {
    const line = (message: object, dir: string, second: number) =>
      JSON.stringify({ ...message, _meta: { dir, server: 'a', ts: `2026-01-01T00:00:0${second}.000Z` } });
    const { events } = parseRecording([
      line({ method: '$transport/start' }, 'lifecycle', 0),
      line({ id: 0, method: 'initialize' }, 'send', 1),
      line({ method: '$transport/close' }, 'lifecycle', 2),
      line({ method: '$transport/start' }, 'lifecycle', 3),
      line({ id: 0, method: 'initialize' }, 'send', 4),
    ]);
    expect(events).toEqual([
      { t: 1_000, c: 1, dir: 'out', message: { id: 0, method: 'initialize' } },
      { t: 2_000, c: 1, event: 'closed' },
      { t: 4_000, c: 2, dir: 'out', message: { id: 0, method: 'initialize' } },
    ]);
  });
});

describe('recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-mcp-recording-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function inMemory() {
    return new TransportConnector(async () => {
      const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
      const server = new McpServer({ name: 'memory', version: '1.0.0' });
      server.registerTool('echo', {}, () => ({ content: [{ type: 'text', text: 'token-1234' }] }));
      await server.connect(serverSide);
      return clientSide;
    });
  }

  it('writes a file that only its owner can read, whatever its mode was', async () => {
    const path = join(folder, 'one.mcp.jsonl');
    writeFileSync(path, 'old', { mode: 0o644 });
    using file = recordingFile(path);
    const session = new MCPSession(recording(inMemory(), file.sink));
    await session.connect();
    await session.disconnect();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^\{"mcp-recording":1,.*\n(.*\n)+$/);
    expect(() => recordingFile(join(folder, 'none', 'two'))).toThrow(ConfigError);
  });

  it('writes the messages that redact returns, and drops those for which it returns undefined', async () => {
    const lines: string[] = [];
    const session = new MCPSession(
      recording(inMemory(), (line) => lines.push(line), {
        redact(message) {
          if ('method' in message && message.method === 'ping') return undefined;
          return JSON.parse(JSON.stringify(message).replace(/token-\d+/, '…')) as typeof message;
        },
      }),
    );
    await session.connect();
    expect(await session.callTool('echo')).toMatchObject({ content: [{ text: 'token-1234' }] });
    await session.ping();
    await session.disconnect();
    expect(lines.join('\n')).toContain('"text":"…"');
    expect(lines.join('\n')).not.toMatch(/token-\d|"ping"/);
  });

  it('does not write a message whose redaction fails, and reports it', async () => {
    const lines: string[] = [];
    const connector = recording(inMemory(), (line) => lines.push(line), {
      redact() {
        throw new Error('no');
      },
    });
    const session = new MCPSession(connector);
    const error = firstValueFrom(session.errors$);
    await session.connect();
    expect(await error).toBeInstanceOf(HandlerError);
    await session.disconnect();
    expect(lines.join('\n')).not.toContain('initialize');
  });

  it('rejects a value that is not a connector, or not a sink', () => {
    expect(() => recording({} as never, () => undefined)).toThrow('connector: expected a Connector');
    expect(() => recording(inMemory(), 'file' as never)).toThrow('sink: expected a function');
  });
});
