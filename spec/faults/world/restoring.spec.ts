import { map } from 'rxjs';
import { virtualTime } from 'rx-mcp/testing';
import { json, startWorldServer, uri, type IncomingRequest } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

/** Connects a session with a log level and a watched resource, and replaces the server by one that ignores a method. */
async function replaced(ignored: string, times = Infinity) {
  const { scheduler, advance } = virtualTime();
  const server = await stage.server();
  const watched = await stage.connected(server, { reconnect: { jitter: 'none' } }, { scheduler });
  const { session } = watched;
  await session.setLoggingLevel('warning');
  const texts: string[] = [];
  session
    .resource$(uri)
    .pipe(map(([contents]) => String(Reflect.get(contents!, 'text'))))
    .subscribe((text) => texts.push(text));
  await server.until(() => server.isSubscribed());
  const waiting: IncomingRequest[] = [];
  server.answer((incoming) => incoming.kind === ignored && waiting.length < times && waiting.push(incoming) > 0);

  /** Advances the time by seconds, until the condition holds. */
  async function until(holds: () => boolean): Promise<void> {
    for (let second = 0; second < 60 && !holds(); second++) {
      await advance(1_000);
      await (await fetch(server.url, { method: 'PUT' })).text();
    }
    expect(holds()).toBe(true);
  }

  server.forget();
  server.cut();
  await until(() => waiting.length > 0);
  return { ...watched, server, texts, until, waiting };
}

describe('a request that restores the state of a session and is not answered', () => {
  it('is repeated, and reported once: logging/setLevel', async () => {
    const { server, errors, until } = await replaced('logging/setLevel', 2);
    await until(() => server.levels().includes('warning'));

    expect(server.requestCounts['logging/setLevel']).toBe(4);
    expect(errors.filter(({ name }) => name === 'RequestTimeoutError')).toHaveLength(1);
  });

  it('is not repeated after the session has ended: logging/setLevel', async () => {
    const { server, session, until, waiting } = await replaced('logging/setLevel');
    await until(() => waiting.length === 2);
    await session.disconnect();
    const sentLevels = server.requestCounts['logging/setLevel'];
    await until(() => true);

    expect(server.requestCounts['logging/setLevel']).toBe(sentLevels);
  });

  it('does not delay a watched resource: resources/subscribe', async () => {
    const { server, texts, until, waiting } = await replaced('resources/subscribe');
    server.update('second');
    await until(() => texts.includes('second'));

    expect(waiting.length).toBeLessThanOrEqual(2);
  });

  it('is repeated for a watched resource, which is read again: resources/subscribe', async () => {
    const { server, texts, until } = await replaced('resources/subscribe', 2);
    await until(() => server.isSubscribed());
    server.update('third');
    await until(() => texts.includes('third'));

    expect(server.requestCounts['initialize']).toBe(2);
  });
});

describe('a watched resource', () => {
  it('is read although the server does not answer its first subscription', async () => {
    const { scheduler, advance } = virtualTime();
    const server = await stage.server();
    server.answer(({ kind }) => kind === 'resources/subscribe');
    const { session } = await stage.connected(server, {}, { scheduler });
    const texts: unknown[] = [];
    session.resource$(uri).subscribe(([contents]) => texts.push(Reflect.get(contents!, 'text')));
    await server.until(() => server.requestCounts['resources/subscribe'] === 1);
    expect(server.requestCounts['resources/read']).toBeUndefined();

    await advance(1_000);
    await server.until(() => server.requestCounts['resources/read'] === 1);
    server.answer((incoming) => incoming.kind === 'PUT' && json(incoming, 200, {}));
  });
});
