import { lastValueFrom, type Observable } from 'rxjs';
import * as compiler from '../../../lib/client/rpc/jsonSchemaValidator';
import { createOutputSchemas } from '../../../lib/client/rpc/outputSchemas';

const outputSchema = { type: 'object', required: ['n'] };
const plain = (name: string) => ({ name, inputSchema: {} });
const tool = (name: string, schema: object = outputSchema) => ({ ...plain(name), outputSchema: schema });
const invalid = { structuredContent: {} };

/** Creates schemas with a validator that counts how often it is loaded, and how many schemas it compiles. */
function counted() {
  const counts = { loads: 0, compilations: 0 };
  const load = async () => {
    counts.loads++;
    return {
      createJsonSchemaValidator: (schema: Record<string, unknown>) => {
        counts.compilations++;
        return compiler.createJsonSchemaValidator(schema);
      },
    };
  };
  const schemas = createOutputSchemas({ load });
  return { schemas, counts, check: (name: string) => lastValueFrom(schemas.validate$(name, invalid)) };
}

describe('output schemas', () => {
  it('load the validator when the first tool with a schema is listed, once', async () => {
    const { schemas, counts, check } = counted();
    schemas.update(undefined, { tools: [plain('a')] });
    await expect(check('a')).resolves.toBe(invalid);
    expect(counts.loads).toBe(0);

    schemas.update(undefined, { tools: [tool('a'), tool('b')] });
    expect(counts.loads).toBe(1);
    await expect(check('a')).rejects.toThrow('does not match its output schema');
    await expect(check('b')).rejects.toThrow('does not match its output schema');
    expect(counts.loads).toBe(1);
  });

  it('compile a schema when its tool is first called, and forget it when the tool is no longer listed', async () => {
    const { schemas, counts, check } = counted();
    schemas.update(undefined, { tools: [tool('a')], nextCursor: '2' });
    schemas.update('2', { tools: [tool('b')] });
    await expect(check('a')).rejects.toThrow('does not match');
    await expect(check('a')).rejects.toThrow('does not match');
    await expect(check('b')).rejects.toThrow('does not match');
    expect(counts.compilations).toBe(2);

    schemas.update(undefined, { tools: [tool('b')], nextCursor: '2' });
    await expect(check('a')).rejects.toThrow('does not match');
    schemas.update('2', { tools: [tool('c')] });
    await expect(check('a')).resolves.toBe(invalid);
    await expect(check('b')).rejects.toThrow('does not match');
    expect(counts.compilations).toBe(3);
  });

  it('validate synchronously once the validator is loaded', async () => {
    const { schemas, check } = counted();
    schemas.update(undefined, { tools: [tool('a')] });
    await expect(check('a')).rejects.toThrow('does not match');
    const settled: string[] = [];
    const validated$: Observable<unknown> = schemas.validate$('a', { structuredContent: { n: 1 } });
    validated$.subscribe({ next: () => settled.push('result') });
    expect(settled).toEqual(['result']);
  });

  it("do not mutate the server's schema", async () => {
    const { schemas, check } = counted();
    const listed = Object.freeze({ ...outputSchema, properties: Object.freeze({ n: Object.freeze({ $ref: '#' }) }) });
    schemas.update(undefined, { tools: [tool('a', listed)] });
    await expect(check('a')).rejects.toThrow('n');
  });

  it('load the validator again after a failure', async () => {
    let loads = 0;
    const load = () => (++loads === 1 ? Promise.reject(new Error('away')) : Promise.resolve(compiler));
    const schemas = createOutputSchemas({ load });
    schemas.update(undefined, { tools: [tool('a')] });
    await expect(lastValueFrom(schemas.validate$('a', invalid))).rejects.toThrow('away');
    await expect(lastValueFrom(schemas.validate$('a', invalid))).rejects.toThrow('does not match');
  });
});
