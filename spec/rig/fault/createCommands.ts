import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { FaultCommands } from './commands';
import { changeList } from './faultTools';
import { forgetSession } from './faultSession';
import type { FaultSession, FaultWorld, OpenStream } from './world';

/** Creates the panel's commands, which run in the server's process. */
export function createCommands(world: FaultWorld): FaultCommands {
  const { answers, gates, lists, sessions, streams } = world;
  let pendingRequests = new AbortController();
  const chosen = (ids?: readonly string[]): FaultSession[] =>
    [...sessions.values()].filter(({ id }) => ids?.includes(id) ?? true);
  const isGet = ({ method }: { method: string }): boolean => method === 'GET';
  const isPost = ({ method }: { method: string }): boolean => method === 'POST';

  return {
    notify: async (method, params, to) => {
      const recipients = chosen(to?.sessions);
      for (const { server } of recipients) await server.notification({ method, params });
      return recipients.length;
    },
    notifyMany: async (count, method = 'custom/tick', options = {}) => {
      const { from = 1 } = options;
      const sending = chosen(options.sessions).map(async ({ id, server }) => {
        try {
          for (let n = from; n < from + count; n++) await server.notification({ method, params: { n } });
        } catch (error) {
          // If only this session has ended, the others continue.
          if (sessions.has(id)) throw error;
        }
      });
      await Promise.all(sending);
    },
    ask: async (method, params, options) => {
      const session = chosen(options?.session === undefined ? undefined : [options.session]).at(-1);
      if (!session) throw new Error('There is no session to ask');
      return session.server.request({ method, params }, ResultSchema, { signal: pendingRequests.signal });
    },
    cancelAsks: () => {
      pendingRequests.abort('cancelled by the panel');
      pendingRequests = new AbortController();
    },
    setTools: (names, options) => changeList(world, 'tools', names, options),
    setPrompts: (names, options) => changeList(world, 'prompts', names, options),
    setResources: (uris, options) => changeList(world, 'resources', uris, options),
    setResource: async (uri, text) => {
      lists.texts.set(uri, text);
      for (const { server, subscriptions } of sessions.values()) {
        if (subscriptions.has(uri)) await server.sendResourceUpdated({ uri });
      }
    },
    hold: (name) => gates.hold(name),
    release: (name = 'gate') => gates.release(name),
    refuseGet: (answer, options) => answers.set('GET', answer, options),
    answerPost: (answer, options) => answers.set('POST', answer, options),
    answerDelete: (answer, options) => answers.set('DELETE', answer, options),
    endGet: () => streams.end(isGet),
    resetGet: () => streams.reset(isGet),
    endPost: () => streams.end(isPost),
    cutPost: () => streams.reset(isPost),
    raw: (text, options) => writeRaw([...streams.open].filter(isGet), text, options?.bytesPerWrite),
    forgetSessions: async ({ keepStreams = false } = {}) => {
      for (const session of chosen()) {
        if (keepStreams) forgetSession(session, world);
        else await session.server.close();
      }
    },
  };
}

/** Writes text to streams unmodified, in writes of a number of bytes. Returns the number of streams. */
async function writeRaw(streams: OpenStream[], text: string, bytesPerWrite = Infinity): Promise<number> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += bytesPerWrite) {
    const piece = bytes.subarray(start, start + bytesPerWrite);
    // Wait until each write has left, because the system would otherwise combine it with the next.
    await Promise.all(streams.map(({ response }) => new Promise((left) => response.write(piece, left))));
  }
  return streams.length;
}
