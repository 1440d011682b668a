import fc from 'fast-check';
import { createLineReader } from '../../../lib/client/stdio/lineReader';

/** Returns the lines, and the rest, in bytes that arrive in pieces of the given length. */
function readAll(bytes: Buffer, pieceLength: number): { lines: string[]; rest: string } {
  const lines: string[] = [];
  const reader = createLineReader(
    (line) => lines.push(line),
    (error) => {
      throw error;
    },
  );
  for (let at = 0; at < bytes.length; at += pieceLength) reader.read(bytes.subarray(at, at + pieceLength));
  return { lines, rest: reader.rest() };
}

/** Returns the lines in bytes that arrive in pieces of the given length. */
const read = (bytes: Buffer, pieceLength: number): string[] => readAll(bytes, pieceLength).lines;

describe('createLineReader', () => {
  it('emits the same lines for any chunking, also within characters', () => {
    const text = fc.string({ unit: 'grapheme' }).map((value) => JSON.stringify({ value }));

    fc.assert(
      fc.property(fc.array(text), fc.integer({ min: 1, max: 9 }), (lines, pieceLength) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        expect(read(bytes, pieceLength)).toEqual(lines);
      }),
    );
  });

  it('ends a line at a line feed only', () => {
    const line = '{"text":"a\u2028b\u2029c\u0085d"}';

    expect(read(Buffer.from(`${line}\n`), 4)).toEqual([line]);
  });

  it('trims carriage returns and skips empty lines', () => {
    expect(read(Buffer.from('{"a":1}\r\n\r\n\n  \n{"b":2}\n'), 3)).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('does not emit an unfinished line', () => {
    expect(read(Buffer.from('{"a":1}\n{"b":'), 100)).toEqual(['{"a":1}']);
  });

  it.each([1, 2, 100])('returns the unfinished line at the end, in pieces of %i bytes', (pieceLength) => {
    expect(readAll(Buffer.from('{"a":1}\n {"b":"ü"}'), pieceLength)).toEqual({ lines: ['{"a":1}'], rest: '{"b":"ü"}' });
    expect(readAll(Buffer.from('{"a":1}\n'), pieceLength).rest).toBe('');
  });

  it('reports an endless line', () => {
    const errors: Error[] = [];
    const lines: string[] = [];
    const reader = createLineReader(
      (line) => lines.push(line),
      (error) => errors.push(error),
    );
    const megabyte = Buffer.alloc(1024 * 1024, 'x');

    for (let n = 0; n <= 64; n++) reader.read(megabyte);
    reader.read(Buffer.from('\n{"a":1}\n'));

    expect(errors).toEqual([new Error('reading stdout: line exceeds 67108864 bytes')]);
    expect(lines).toEqual(['{"a":1}']);
  });
});
