import { linesOf, membersOf, readable } from '../model/text';

const params = { uri: 'memo://note', done: true, tags: ['a', 'b'], by: { name: 'Ada', left: undefined } };

describe('membersOf', () => {
  it('writes params on one line without the syntax of JSON', () => {
    expect(membersOf(params)).toBe('uri: memo://note, done: true, tags: [a, b], by: (name: Ada)');
  });

  it('stops at a fixed depth', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`) as object;

    expect(membersOf(deep)).toMatch(/^a: \(a: .*….*\)$/);
    expect(linesOf(deep).split('\n').length).toBeLessThan(20);
  });
});

describe('linesOf', () => {
  it('writes one member per line, indented by level', () => {
    expect(linesOf({ count: 2, tags: ['a', 'b'], by: { name: 'Ada' }, none: {} })).toBe(
      'count: 2\ntags:\n  - a\n  - b\nby:\n  name: Ada\nnone: ()',
    );
  });
});

describe('readable', () => {
  it.each([
    ['listening: HTTP 404: {"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}'],
    ['listening: HTTP 404: {"message":"Session not found"}'],
  ])('replaces a JSON body by its message: %s', (message) => {
    expect(readable(message)).toBe('listening: HTTP 404: Session not found');
  });

  it.each(['no body', 'not JSON: {a', 'no message: {"a":1}'])('keeps other messages: %s', (message) => {
    expect(readable(message)).toBe(message);
  });
});
