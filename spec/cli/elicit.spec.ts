import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { elicit } from '../../lib/cli/elicit';

type Schema = Parameters<typeof elicit>[0]['requestedSchema'];

/** Answers the questions of one elicitation line by line, and then ends the input. */
async function answer(requestedSchema: Schema, lines: readonly string[]) {
  const input = new PassThrough();
  const output = new PassThrough().setEncoding('utf8');
  let shown = '';
  output.on('data', (text: string) => (shown += text));
  const result = elicit({ message: 'Who\u001B[2J are\nyou?', requestedSchema }, input, output, () => undefined);
  void (async () => {
    for (const line of lines) {
      while (!shown.endsWith(': ')) await once(output, 'data');
      shown += '\n';
      input.write(`${line}\n`);
    }
    while (!shown.endsWith(': ')) await once(output, 'data');
    input.end();
  })();
  return { result: await result, shown };
}

const properties: Schema['properties'] = {
  name: { type: 'string', title: 'Name', description: 'as others call you' },
  age: { type: 'integer', minimum: 0 },
  colour: { type: 'string', enum: ['red', 'blue'], default: 'blue' },
  tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
  sure: { type: 'boolean' },
};
const required = ['name', 'age'];

describe('elicit', () => {
  it('prompts for each field until the answer is valid, and uses defaults', async () => {
    const lines = ['', 'Ada', 'old', '-1', '36', 'green', '', 'a, b', 'maybe', 'y'];
    const { result, shown } = await answer({ type: 'object', properties, required }, lines);
    expect(result).toEqual({
      action: 'accept',
      content: { name: 'Ada', age: 36, colour: 'blue', tags: ['a', 'b'], sure: true },
    });
    expect(shown).toContain('? Who are you?\n');
    expect(shown).toContain('Name - as others call you (text): ');
    expect(shown).toContain('expected whole number\n');
    expect(shown).toContain('colour (red, blue) [blue]: ');
  });

  it('leaves out optional fields without an answer', async () => {
    const { result } = await answer({ type: 'object', properties, required }, ['Ada', '36', 'red', '', '']);
    expect(result).toEqual({ action: 'accept', content: { name: 'Ada', age: 36, colour: 'red' } });
  });

  it('cancels when the input ends', async () => {
    const { result } = await answer({ type: 'object', properties, required }, ['Ada']);
    expect(result).toEqual({ action: 'cancel' });
  });

  it.each([
    ['yes', 'accept'],
    ['n', 'decline'],
  ])('asks whether to accept a question without fields: %s', async (line, action) => {
    const { result } = await answer({ type: 'object', properties: {} }, [line]);
    expect(result).toEqual({ action });
  });
});
