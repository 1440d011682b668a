import { sentence } from '../../lib/cli/text';

describe('the sentence of an error', () => {
  it.each([
    [
      'listening: HTTP 404: {"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"}}',
      'listening: HTTP 404: Session not found',
    ],
    ['HTTP 400: {"message":"too\\nlong"}', 'HTTP 400: too long'],
    ['expected { or [', 'expected { or ['],
    ['HTTP 500: {"error":1}', 'HTTP 500: {"error":1}'],
    ['did you mean "http://host/mcp"?', 'did you mean "http://host/mcp"?'],
    ['fetching http://user:secret@host/mcp?key=1 failed', 'fetching http://…@host/mcp?… failed'],
  ])('is readable: %s', (message, expected) => {
    expect(sentence(message)).toBe(expected);
  });
});
