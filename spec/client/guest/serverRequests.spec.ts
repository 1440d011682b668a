import { setImmediate } from 'node:timers/promises';
import { CreateMessageRequestSchema, ElicitRequestSchema, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { openMemorySession } from '../../rig/openMemorySession';
import { openGuest } from './openGuest';

const question = { message: 'Who are you?', requestedSchema: { type: 'object', properties: {} } } as const;
const CustomRequestSchema = z.object({ method: z.literal('custom/ask'), params: z.looseObject({}) });

const capabilities = { elicitation: {}, sampling: {} };

async function connected() {
  const opened = openMemorySession({ session: { capabilities } });
  await opened.session.connect();
  const ask = (signal?: AbortSignal) => opened.memory.server.elicitInput(question, { ...(signal && { signal }) });
  const custom = () => opened.memory.server.request({ method: 'custom/ask', params: { n: 1 } }, ResultSchema);
  return { ...opened, ask, custom };
}

/** Connects a client that answers elicitations with its name. */
async function elicited(session: Parameters<typeof openGuest>[0], name: string) {
  const guest = await openGuest(session, { elicitation: {} });
  guest.client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name } }));
  return guest;
}

describe('a request of the server', () => {
  it('is answered by a client that declared the capability', async () => {
    const { session, ask } = await connected();
    await openGuest(session);
    await elicited(session, 'second');
    expect(await ask()).toEqual({ action: 'accept', content: { name: 'second' } });
  });

  it('goes to a handler of the session first', async () => {
    const { session, ask } = await connected();
    await elicited(session, 'guest');
    const remove = session.handle('elicitation/create', () => ({ action: 'decline' }));
    expect(await ask()).toEqual({ action: 'decline' });
    remove();
    expect(await ask()).toMatchObject({ content: { name: 'guest' } });
  });

  it('goes to a subscriber of requests$ before a client', async () => {
    const { session, ask } = await connected();
    await elicited(session, 'guest');
    session.requests$.subscribe(({ respond }) => respond({ action: 'cancel' }));
    expect(await ask()).toEqual({ action: 'cancel' });
  });

  it('goes to the client with a pending call first', async () => {
    const { session, ask, memory } = await connected();
    await elicited(session, 'idle');
    const busy = await elicited(session, 'busy');
    memory.server.fallbackRequestHandler = () => new Promise(() => {});
    const giveUp = new AbortController();
    const call = busy.client.request({ method: 'custom/wait' }, ResultSchema, { signal: giveUp.signal });
    const ended = expect(call).rejects.toThrow();
    await setImmediate();
    expect(await ask()).toMatchObject({ content: { name: 'busy' } });
    giveUp.abort();
    await ended;
  });

  it('goes to the next client when one does not support the method', async () => {
    const { session, custom } = await connected();
    await openGuest(session);
    const { client } = await openGuest(session);
    client.setRequestHandler(CustomRequestSchema, ({ params }) => ({ params }));
    expect(await custom()).toEqual({ params: { n: 1 } });
  });

  it('is rejected with "method not found" when no client supports it', async () => {
    const { session, custom } = await connected();
    await expect(custom()).rejects.toMatchObject({ code: -32601 });
    await openGuest(session);
    await expect(custom()).rejects.toMatchObject({ code: -32601 });
  });

  it('is rejected with the error of the client', async () => {
    const { session, custom } = await connected();
    const { client } = await openGuest(session);
    client.setRequestHandler(CustomRequestSchema, () => {
      throw Object.assign(new Error('busy'), { code: -32077, data: { soon: true } });
    });
    await expect(custom()).rejects.toMatchObject({ code: -32077, data: { soon: true } });
  });

  it('goes to the next client when the first one is closed', async () => {
    const { session, ask } = await connected();
    const first = await openGuest(session, { elicitation: {} });
    const requested = new Promise<void>((resolve) => {
      first.client.setRequestHandler(ElicitRequestSchema, () => {
        resolve();
        return new Promise(() => {});
      });
    });
    await elicited(session, 'second');
    const answer = ask();
    await requested;
    await first.client.close();
    expect(await answer).toMatchObject({ content: { name: 'second' } });
  });

  it('is cancelled in the client when the server cancels it', async () => {
    const { session, ask } = await connected();
    const { client } = await openGuest(session, { elicitation: {} });
    const giveUp = new AbortController();
    const cancelled = new Promise<void>((resolve) => {
      client.setRequestHandler(ElicitRequestSchema, async (_, { signal }) => {
        signal.addEventListener('abort', () => resolve());
        giveUp.abort('never mind');
        return new Promise(() => {});
      });
    });
    await expect(ask(giveUp.signal)).rejects.toThrow('never mind');
    await cancelled;
  });

  it('is answered with a sampling result', async () => {
    const { session, memory } = await connected();
    const { client } = await openGuest(session, { sampling: {} });
    const result = { model: 'm', role: 'assistant', content: { type: 'text', text: 'yes' } } as const;
    client.setRequestHandler(CreateMessageRequestSchema, () => result);
    expect(await memory.server.createMessage({ messages: [], maxTokens: 1 })).toEqual(result);
  });
});
