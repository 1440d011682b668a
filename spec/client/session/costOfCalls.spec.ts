import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { firstValueFrom } from 'rxjs';
import { idle } from '../../rig/idle';
import { openMemorySession } from '../../rig/openMemorySession';
import { useStage } from '../../rig/useStage';

const server = {
  capabilities: { tools: {} },
  prepare: (sdk: Server) => {
    sdk.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }));
    sdk.setRequestHandler(CallToolRequestSchema, () => ({ content: [] }));
  },
};

describe('a call that is unsubscribed in the tick of its subscription', () => {
  it('sends nothing, for ten thousand calls', async () => {
    const { memory, session } = openMemorySession(server);
    await session.connect();
    const sent = memory.received.length;

    for (let call = 0; call < 10_000; call++) session.callTool$('x').subscribe().unsubscribe();
    session.request$('custom/x').subscribe().unsubscribe();
    await idle();

    expect(memory.received).toHaveLength(sent);
    await session.disconnect();
  });

  it('does not delay or reorder the other calls', async () => {
    const { memory, session } = openMemorySession(server);
    await session.connect();
    const sent = memory.received.length;

    const first = firstValueFrom(session.callTool$('1'));
    session.callTool$('2').subscribe().unsubscribe();
    const third = session.callTool('3');
    const fourth = firstValueFrom(session.callTool$('4'));
    await Promise.all([first, third, fourth]);

    const names = memory.received
      .slice(sent)
      .flatMap((message) => ('params' in message ? message.params?.['name'] : []));
    expect(names).toEqual(['1', '3', '4']);
    await session.disconnect();
  });
});

describe('many open calls', () => {
  const stage = useStage();

  it('print no warning, over HTTP', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    stage.after(() => process.off('warning', note));
    const http = await stage.server();
    const { session } = await stage.connected(http.url);
    const controller = new AbortController();

    const calls = Array.from({ length: 1_500 }, () =>
      session.callTool('work', { steps: 1 }, { signal: controller.signal }),
    );
    expect(await Promise.all(calls)).toHaveLength(1_500);

    expect(warnings).toEqual([]);
  });
});
