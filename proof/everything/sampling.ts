import assert from 'node:assert/strict';
import { of } from 'rxjs';
import type { Emission } from './emission';

/** In the middle of a tool call; answered by a handler. */
export const sampling: Emission = {
  name: 'sampling/createMessage',
  async see(session) {
    const prompts: unknown[] = [];
    session.handle('sampling/createMessage', ({ params }) => {
      prompts.push(params);
      return of({ role: 'assistant', content: { type: 'text', text: 'Vermilion.' }, model: 'none' });
    });
    await session.connect();
    const { content } = await session.callTool('trigger-sampling-request', { prompt: 'Which colour?', maxTokens: 10 });
    assert.match(JSON.stringify(content), /Vermilion/);
    assert.equal(prompts.length, 1);
    assert.match(JSON.stringify(prompts), /Which colour\?/);
    return 'asked once, answered by handle()';
  },
};
