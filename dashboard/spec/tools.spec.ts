import type { ListDiff, Tool } from 'rx-mcp';
import { markTools } from '../model/markTools';
import { sampleArguments } from '../model/sampleArguments';

const toolOf = (name: string): Tool => ({ name, inputSchema: { type: 'object' } });
const [a, b, c] = [toolOf('a'), toolOf('b'), toolOf('c')];

describe('markedTools', () => {
  it('are the current tools with new ones marked, then the removed ones', () => {
    const diff: ListDiff<Tool> = { added: [b], changed: [c], removed: [toolOf('d')] };

    expect(markTools([a, b, c], diff).map(({ tool, mark }) => [tool.name, mark])).toEqual([
      ['a', undefined],
      ['b', 'added'],
      ['c', 'changed'],
      ['d', 'removed'],
    ]);
  });
});

describe('initial arguments', () => {
  it('are the defaults, and a value of the required type for required members', () => {
    const schema: Tool['inputSchema'] = {
      type: 'object',
      properties: {
        text: { type: 'string' },
        steps: { type: 'integer', default: 5 },
        level: { enum: ['debug', 'info'] },
        sum: { type: 'number' },
        is: { type: 'boolean' },
        list: { type: 'array' },
        more: { type: 'object' },
        any: {},
        left: { type: 'string' },
      },
      required: ['text', 'level', 'sum', 'is', 'list', 'more', 'any'],
    };

    expect(sampleArguments(schema)).toEqual({
      text: 'text',
      steps: 5,
      level: 'debug',
      sum: 1,
      is: true,
      list: [],
      more: {},
      any: null,
    });
  });

  it('are empty without required members', () => {
    expect(sampleArguments({ type: 'object' })).toEqual({});
  });
});
