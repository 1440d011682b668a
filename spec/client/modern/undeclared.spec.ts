import { modernOnly, startModernServer } from '../../rig/startModernServer';
import { useStage } from '../../rig/useStage';
import { eventOf, startStubServer, stream } from './faults/startStubServer';

const stage = useStage(startModernServer, modernOnly);
const printed: unknown[][] = [];

beforeEach(() => {
  for (const method of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, method).mockImplementation((...args: unknown[]) => void printed.push(args));
  }
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(printed.splice(0)).toEqual([]);
});

describe('a session of protocol 2026-07-28', () => {
  it('sends the requests for lists and tools that the server does not declare', async () => {
    const server = await startStubServer({});
    stage.after(() => server.close());
    const mismatch = { code: -32020, message: 'Header mismatch' };
    server.onCall((response, { id }) => void stream(response).end(eventOf({ id, error: mismatch })));
    const { session } = await stage.connected(server.url);

    await expect(session.listTools()).resolves.toEqual([]);
    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ServerError', message: 'Header mismatch' });

    expect(server.methods.filter((method) => method === 'tools/list')).toHaveLength(1);
  });
});
