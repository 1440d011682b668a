import assert from 'node:assert/strict';
import type { Emission } from './emission';

/** In the middle of a tool call; answered from the inbox. */
export const elicitation: Emission = {
  name: 'elicitation/create',
  async see(session) {
    const asked: string[] = [];
    session.requests$.subscribe(({ request, respond }) => {
      asked.push(request.method);
      respond({ action: 'accept', content: { name: 'Ada Lovelace' } });
    });
    await session.connect();
    const { content } = await session.callTool('trigger-elicitation-request');
    assert.match(JSON.stringify(content), /Name: Ada Lovelace/);
    assert.deepEqual(asked, ['elicitation/create']);
    return 'asked once, answered through requests$';
  },
};
