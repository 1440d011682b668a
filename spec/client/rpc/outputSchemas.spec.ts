import { defer, lastValueFrom, of } from 'rxjs';
import type { MCPError, Result } from 'rx-mcp';
import { onDemand } from '../../../lib/client/connection/onDemand';
import type { ValidateOutput } from '../../../lib/client/connection/validateOutput';
import { ValidatedRequests } from '../../../lib/client/rpc/outputSchemas';
import * as validation from '../../../lib/client/rpc/outputValidation';

const outputSchema = { type: 'object', required: ['n'] };
const plain = (name: string) => ({ name, inputSchema: {} });
const tool = (name: string, schema: object = outputSchema) => ({ ...plain(name), outputSchema: schema });
const invalid: Result = { structuredContent: {} };

/** Returns a schema that counts how often it is compiled. */
function countedSchema() {
  const counts = { compilations: 0 };
  const schema = {
    type: 'object',
    get required() {
      counts.compilations++;
      return ['n'];
    },
  };
  return { schema, counts };
}

interface ConnectOptions {
  mode?: ValidateOutput;
  load?: () => Promise<typeof validation>;
}

/** Creates the requests of a connection to a server whose tools all return an invalid result. */
function connect({ mode = true, load = () => Promise.resolve(validation) }: ConnectOptions = {}) {
  const counts = { loads: 0 };
  const reported: MCPError[] = [];
  let page: Result = {};
  const requests = new ValidatedRequests(
    { request$: ({ method }) => defer(() => of(method === 'tools/list' ? page : invalid)) },
    mode,
    (error) => reported.push(error),
    onDemand('the validation', () => {
      counts.loads++;
      return load();
    }),
  );

  return {
    requests,
    counts,
    reported,
    call: (name: string): Promise<Result> =>
      lastValueFrom(requests.request$({ method: 'tools/call', params: { name } })),
    async list(tools: object[], { cursor, nextCursor }: { cursor?: string; nextCursor?: string } = {}) {
      page = { tools, ...(nextCursor !== undefined && { nextCursor }) };
      await lastValueFrom(requests.request$({ method: 'tools/list', ...(cursor && { params: { cursor } }) }));
    },
  };
}

describe('the output schemas of a connection', () => {
  it('load the code that validates when the first tool with a schema is listed, once', async () => {
    const { counts, list, call } = connect();
    await list([plain('a')]);
    await expect(call('a')).resolves.toBe(invalid);
    expect(counts.loads).toBe(0);

    await list([tool('a'), tool('b')]);
    expect(counts.loads).toBe(1);
    await expect(call('a')).rejects.toThrow('does not match its output schema');
    await expect(call('b')).rejects.toThrow('does not match its output schema');
    expect(counts.loads).toBe(1);
  });

  it('load nothing with validateOutput: false', async () => {
    const { counts, list, call } = connect({ mode: false });
    await list([tool('a')]);
    await expect(call('a')).resolves.toBe(invalid);
    expect(counts.loads).toBe(0);
  });

  it('compile a schema when its tool is first called', async () => {
    const { list, call } = connect();
    const [first, second] = [countedSchema(), countedSchema()];
    await list([tool('a', first.schema)], { nextCursor: '2' });
    await list([tool('b', second.schema)], { cursor: '2' });
    await expect(call('a')).rejects.toThrow('does not match');
    await expect(call('a')).rejects.toThrow('does not match');
    expect([first.counts.compilations, second.counts.compilations]).toEqual([1, 0]);
  });

  it('forget a schema when its tool is no longer listed, or lists no schema', async () => {
    const { list, call } = connect();
    await list([tool('a')], { nextCursor: '2' });
    await list([tool('b'), tool('c')], { cursor: '2' });

    await list([tool('b')], { nextCursor: '2' });
    await expect(call('a')).rejects.toThrow('does not match');
    await list([plain('c')], { cursor: '2' });
    await expect(call('a')).resolves.toBe(invalid);
    await expect(call('b')).rejects.toThrow('does not match');
    await expect(call('c')).resolves.toBe(invalid);
  });

  it('validate synchronously once the code is loaded', async () => {
    const { requests, list, call } = connect();
    await list([tool('a')]);
    await expect(call('a')).rejects.toThrow('does not match');
    const settled: string[] = [];
    requests.validate$('a', { structuredContent: { n: 1 } }).subscribe({ next: () => settled.push('result') });
    expect(settled).toEqual(['result']);
  });

  it("do not mutate the server's schema", async () => {
    const { list, call } = connect();
    const listed = Object.freeze({ ...outputSchema, properties: Object.freeze({ n: Object.freeze({ $ref: '#' }) }) });
    await list([tool('a', listed)]);
    await expect(call('a')).rejects.toThrow('n');
  });

  describe('if the code cannot be loaded', () => {
    const away = () => Promise.reject(new Error('away'));

    it('fail a call with its result, and load again for the next one', async () => {
      let loads = 0;
      const { list, call } = connect({ load: () => (++loads <= 2 ? away() : Promise.resolve(validation)) });
      await list([tool('a')]);
      await expect(call('a')).rejects.toMatchObject({
        name: 'InvalidResultError',
        message: 'tools/call: cannot read the result of "a" (away)',
        result: invalid,
        cause: { name: 'ConnectionFailedError', message: 'loading the validation: away', retryable: true },
      });
      await expect(call('a')).rejects.toThrow('does not match');
    });

    it("deliver the result with 'report'", async () => {
      const { list, call, reported } = connect({ load: away, mode: 'report' });
      await list([tool('a')]);
      await expect(call('a')).resolves.toBe(invalid);
      expect(reported).toMatchObject([{ message: 'tools/call: cannot read the result of "a" (away)' }]);
    });
  });
});
