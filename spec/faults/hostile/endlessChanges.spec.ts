import { setImmediate } from 'node:timers/promises';
import {
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { MCPSession } from 'rx-mcp';
import { virtualTime, type VirtualTime } from 'rx-mcp/testing';
import { type Observable, type SchedulerLike } from 'rxjs';
import { idle } from '../../rig/idle';
import { record } from '../../rig/record';
import { sdkServer, type SdkServer } from '../../rig/sdkServer';

const uri = 'test://a';
const second = 1_000;
const rest = 100;

describe('a server that reports a change with each response', () => {
  let scheduler: SchedulerLike;
  let advance: VirtualTime['advance'];
  let session: MCPSession;
  let server: SdkServer;
  let reads: number;
  let notifiesOnRead: boolean;
  let canSubscribe: boolean;

  async function read<T>(result: (n: number) => T, method: string, params?: Record<string, unknown>): Promise<T> {
    const n = ++reads;
    // Give the event loop a turn. Otherwise, a server that is called endlessly would block it.
    await setImmediate();
    if (notifiesOnRead) await server.current.notification({ method, params });
    return result(n);
  }

  beforeEach(async () => {
    ({ scheduler, advance } = virtualTime());
    reads = 0;
    notifiesOnRead = true;
    canSubscribe = true;
    server = sdkServer({ tools: { listChanged: true }, resources: { subscribe: true } }, (sdk) => {
      sdk.setRequestHandler(ListToolsRequestSchema, () =>
        read(
          (n) => ({ tools: [{ name: `tool ${n}`, inputSchema: { type: 'object' as const } }] }),
          'notifications/tools/list_changed',
        ),
      );
      sdk.setRequestHandler(ReadResourceRequestSchema, () =>
        read((n) => ({ contents: [{ uri, text: `reading ${n}` }] }), 'notifications/resources/updated', { uri }),
      );
      if (canSubscribe) sdk.setRequestHandler(SubscribeRequestSchema, () => ({}));
    });
    session = new MCPSession(server.connector(), { scheduler });
  });
  afterEach(() => session.disconnect());

  /** Advances time, and waits for everything that becomes due. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += rest / 2) {
      await advance(rest / 2);
      await idle();
    }
  }

  it.each<[string, () => Observable<unknown>]>([
    ['a list', () => session.tools$],
    ['a resource', () => session.resource$(uri)],
  ])('leads to a refetch immediately, then at most every 100 ms, for %s', async (_, view$) => {
    await session.connect();
    const view = record(view$());

    await idle();
    expect(reads).toBe(2);
    await pass(10 * second);
    expect(reads).toBe(2 + (10 * second) / rest);
    notifiesOnRead = false;
    await pass(second);
    const last = reads;
    expect(JSON.stringify(view.values.at(-1))).toContain(` ${last}"`);
    await pass(second);
    expect(reads).toBe(last);

    view.stop();
  });

  it('leads to an immediate refetch for a change after a pause', async () => {
    notifiesOnRead = false;
    await session.connect();
    const view = record(session.tools$);
    await view.nth(1);

    for (const n of [2, 3, 4]) {
      await server.current.notification({ method: 'notifications/tools/list_changed' });
      await idle();
      expect(reads).toBe(n);
      await pass(rest);
    }

    view.stop();
  });

  it('leads to one more refetch after the last change', async () => {
    notifiesOnRead = false;
    await session.connect();
    const view = record(session.tools$);
    await view.nth(1);

    for (let n = 0; n < 50; n++) {
      await server.current.notification({ method: 'notifications/tools/list_changed' });
      await idle();
    }
    expect(reads).toBe(2);
    await pass(second);

    expect(reads).toBe(3);
    view.stop();
  });

  it('adds few reads to those of pollInterval', async () => {
    canSubscribe = false;
    await session.connect();
    const view = record(session.resource$(uri, { pollInterval: 10 * second }));

    await idle();
    await pass(10 * second);

    expect(reads).toBeGreaterThan(10);
    expect(reads).toBeLessThanOrEqual(3 + (10 * second) / rest);
    view.stop();
  });
});
