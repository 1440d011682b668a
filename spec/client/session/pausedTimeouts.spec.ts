import { CallToolRequestSchema, ElicitResultSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { firstValueFrom, Subject } from 'rxjs';
import { virtualTime } from 'rx-mcp/testing';
import { idle } from '../../rig/idle';
import { record } from '../../rig/record';
import { openMemorySession } from '../../rig/openMemorySession';

const elicitation = { message: 'Sure?', requestedSchema: { type: 'object' as const, properties: {} } };
const accept = { action: 'accept' as const, content: {} };

/** Opens a session in virtual time, with a tool that asks the user and a tool that never responds. */
async function connect() {
  const { scheduler, advance } = virtualTime();
  const requestInput$ = new Subject<void>();
  const answer$ = new Subject<typeof accept>();
  const opened = openMemorySession({
    capabilities: { tools: {} },
    prepare: (server) => {
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }));
      server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sendRequest }) => {
        if (params.name === 'silent') return new Promise(() => {});
        if (params.name === 'slow') await firstValueFrom(requestInput$);
        await sendRequest({ method: 'elicitation/create', params: elicitation }, ElicitResultSchema);
        if (params.name === 'slow') return new Promise(() => {});
        return { content: [] };
      });
    },
    session: { scheduler, timeout: 300 },
  });
  opened.session.handle('elicitation/create', () => answer$);
  await opened.session.connect();
  return { ...opened, scheduler, advance, requestInput$, answer$ };
}

describe('the timeout of a call', () => {
  it('is paused while the server waits for an answer of the user', async () => {
    const { session, advance, answer$ } = await connect();
    const call = record(session.callTool$('ask'));
    await idle();

    await advance(700);
    answer$.next(accept);
    await call.ended;

    expect(call.values).toMatchObject([{ kind: 'result' }]);
    await session.disconnect();
  });

  it('continues with the remaining time when the answer is sent', async () => {
    const { session, advance, scheduler, requestInput$, answer$ } = await connect();
    const call = record(session.callTool$('slow'));
    await advance(200);
    requestInput$.next();
    await idle();

    await advance(700);
    answer$.next(accept);
    await idle();
    await advance(99);
    await idle();
    expect(call.values).toEqual([]);
    await advance(1);

    await expect(call.ended).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 300 });
    expect(scheduler.now()).toBe(1_000);
    await session.disconnect();
  });

  it('does not pause maxTotalTimeout', async () => {
    const { session, advance } = await connect();
    const call = record(session.callTool$('ask', {}, { maxTotalTimeout: 500 }));
    await idle();

    await advance(500);

    await expect(call.ended).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 500 });
    await session.disconnect();
  });

  it('is not paused if several calls are pending, and the request belongs to none of them', async () => {
    const { session, advance } = await connect();
    const silent = record(session.callTool$('silent'));
    const call = record(session.callTool$('ask'));
    await idle();

    await advance(300);

    await expect(silent.ended).rejects.toMatchObject({ name: 'RequestTimeoutError' });
    await expect(call.ended).rejects.toMatchObject({ name: 'RequestTimeoutError' });
    await session.disconnect();
  });

  it('is not affected by a list that is fetched at the same time', async () => {
    const { session, advance, answer$ } = await connect();
    const call = record(session.callTool$('ask'));
    const list = session.listTools();
    await idle();
    await advance(700);
    answer$.next(accept);

    await call.ended;
    expect(call.values).toMatchObject([{ kind: 'result' }]);
    expect(await list).toEqual([]);
    await session.disconnect();
  });
});
