import { BehaviorSubject, filter, firstValueFrom, Subject } from 'rxjs';
import { MCPServer, prompt, resource, tool } from 'rx-mcp/server';
import { begin, type RawSession, readEvents } from './faults/rig';
import { serve, type Served } from './rig/serve';

const count = 20;
/** How often the validation of a JSON value reads each member. */
const validation = 1;
const options = { name: 'spec', version: '1' };

/** Counts how often the member of an object is read. */
function countReads<T extends object>(object: T, member: keyof T): { reads: number } {
  const counter = { reads: 0 };
  const value: unknown = object[member];
  Object.defineProperty(object, member, { enumerable: true, get: () => (counter.reads++, value) });
  return counter;
}

describe('a server with many sessions', () => {
  let served: Served;
  let streams: Response[];
  afterEach(() => served.close());

  /** Starts the sessions, each with an open stream. */
  async function listen(server: MCPServer, prepare?: (session: RawSession) => Promise<unknown>): Promise<void> {
    served = await serve(server);
    const sessions = await Promise.all(Array.from({ length: count }, () => begin(served)));
    if (prepare) await Promise.all(sessions.map(prepare));
    streams = await Promise.all(sessions.map((session) => session.get()));
    await firstValueFrom(server.status$.pipe(filter(({ listening }) => listening === count)));
  }

  /** Resolves with the method of the first notification on each stream. */
  async function received(): Promise<unknown[]> {
    const events = await Promise.all(streams.map((stream) => readEvents(stream, 1)));
    return events.map(([event]) => (event?.data as { method?: string } | undefined)?.method);
  }

  const all = (method: string): string[] => Array.from({ length: count }, () => method);

  it.each([
    ['tools', () => tool('added', { title: 'Added' }, () => 'x')],
    ['prompts', () => prompt('added', { title: 'Added' }, () => 'x')],
    ['resources', () => resource('text://added', { title: 'Added' }, () => 'x')],
  ] as const)('serializes the list of %s once per emission', async (kind, create) => {
    const definitions$ = new BehaviorSubject<never[]>([]);
    await listen(new MCPServer(options, { [kind]: definitions$, coalesce: 1 }));

    const added = create();
    const serialized = countReads(added.listing, 'title');
    definitions$.next([added as never]);

    expect(await received()).toEqual(all(`notifications/${kind}/list_changed`));
    expect(serialized.reads).toBe(1);
  });

  it('serializes the contents of a subscribed resource once per emission, after they are validated', async () => {
    const load$ = new Subject<object>();
    const server = new MCPServer(options, { resources: [resource('live://load', {}, load$)], coalesce: 1 });
    const subscribe = { jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: 'live://load' } };
    await listen(server, (session) => session.post(subscribe));
    load$.next({ load: 0 });

    const contents = { load: 1 };
    const serialized = countReads(contents, 'load');
    load$.next(contents);

    expect(await received()).toEqual(all('notifications/resources/updated'));
    expect(serialized.reads).toBe(validation + 1);
  });

  it('serializes a notification to all sessions once, after it is validated', async () => {
    const server = new MCPServer(options);
    await listen(server);

    const params = { n: 1 };
    const serialized = countReads(params, 'n');
    await server.notify('custom/all', params);

    expect(await received()).toEqual(all('custom/all'));
    expect(serialized.reads).toBe(validation + 1);
  });
});
