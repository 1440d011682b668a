import { useStage } from '../../rig/useStage';
import { plain, startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

/** How `fetch` reports a refused connection. */
const runtimes: Record<string, (url: string) => Error> = {
  Deno: (url) =>
    new TypeError(
      `error sending request for url (${url}): client error (Connect): tcp connect error: Connection refused (os error 111)`,
    ),
  Bun: () =>
    Object.assign(new Error('Unable to connect. Is the computer able to access the url?'), {
      code: 'ConnectionRefused',
    }),
  Node: () =>
    new TypeError('fetch failed', {
      cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
    }),
};

/** The `fetch` of this process, with the errors of another runtime. */
const fetchOf =
  (refused: (url: string) => Error): typeof fetch =>
  (input, init) =>
    fetch(input, init).catch((cause: unknown) => {
      const { code } = Object(Reflect.get(Object(cause), 'cause')) as { code?: unknown };
      throw code === 'ECONNREFUSED' ? refused(String(input)) : cause;
    });

describe.each(Object.entries(runtimes))('a refused connection in %s', (_, refused) => {
  it('is known not to have reached the server, so the call is sent again', async () => {
    const server = await stage.server();
    // Without a stream, the loss of the server goes unnoticed.
    server.answer((asked) => asked.what === 'GET' && plain(asked, 405));
    const { session } = stage.session(server.url, { fetch: fetchOf(refused) });
    await session.connect();
    await server.kill();
    const call = session.callTool('echo');
    // A call without this rule fails with the first refusal.
    await expect(Promise.race([call, session.ping({ timeout: 50 })])).rejects.toMatchObject({
      name: 'RequestTimeoutError',
    });
    await server.start();

    await expect(call).resolves.toMatchObject({ content: [{ text: 'done' }] });
  });

  it('fails the first attempt with an error that can be retried', async () => {
    const server = await stage.server();
    await server.kill();
    const { session } = stage.session(server.url, { fetch: fetchOf(refused) });

    await expect(session.connect()).rejects.toMatchObject({ name: 'ConnectionFailedError', retryable: true });
  });
});
