import { isNotification, isRequest, isResponse, nonConformanceOf } from '../../lib/protocol/message';

const kinds = (value: unknown): string[] => [
  ...(isNotification(value) ? ['notification'] : []),
  ...(isRequest(value) ? ['request'] : []),
  ...(isResponse(value) ? ['response'] : []),
];

describe('message kinds', () => {
  it.each<[unknown, string[]]>([
    [{ jsonrpc: '2.0', method: 'a' }, ['notification']],
    [{ jsonrpc: '2.0', method: 'a', params: {} }, ['notification']],
    [{ jsonrpc: '2.0', method: 'a', params: [] }, []],
    [{ jsonrpc: '2.0', method: 'a', params: null }, []],
    [{ jsonrpc: '2.0', method: 7 }, []],
    [{ jsonrpc: '2.0', id: 0, method: 'a' }, ['request']],
    [{ jsonrpc: '2.0', id: '', method: 'a', params: {} }, ['request']],
    [{ jsonrpc: '2.0', id: null, method: 'a' }, []],
    [{ jsonrpc: '2.0', id: 1, method: 'a', result: {} }, ['request']],
    [{ jsonrpc: '2.0', id: 0, result: {} }, ['response']],
    [{ jsonrpc: '2.0', id: 0, result: {}, error: null }, ['response']],
    [{ jsonrpc: '2.0', id: 0, result: null, error: { code: 1, message: '' } }, ['response']],
    [{ jsonrpc: '2.0', id: 0, result: [] }, []],
    [{ jsonrpc: '2.0', id: 0, result: {}, error: { code: 1, message: '' } }, []],
    [{ jsonrpc: '2.0', id: 0, error: { code: 1 } }, []],
    [{ jsonrpc: '2.0', id: 0, error: { code: 1.5, message: '' } }, []],
    [{ jsonrpc: '2.0', error: { code: 1, message: '' } }, []],
    [{ jsonrpc: '2.0', id: 0 }, []],
    [[], []],
    [null, []],
    ['a', []],
  ])('classifies %j as %j', (value, expected) => {
    expect(kinds(value)).toEqual(expected);
  });
});

describe('nonConformanceOf', () => {
  it.each<[object, string | undefined]>([
    [{ jsonrpc: '2.0', id: 1, method: 'a', params: {}, result: {}, error: {} }, undefined],
    [{ jsonrpc: '2.0', method: 'a', more: 1 }, 'unknown member "more"'],
    [{ jsonrpc: '1.0', method: 'a' }, 'missing "jsonrpc": "2.0"'],
    [{ method: 'a' }, 'missing "jsonrpc": "2.0"'],
  ])('describes the deviation of %j: %s', (message, expected) => {
    expect(nonConformanceOf(message)).toBe(expected);
  });
});
