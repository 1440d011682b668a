import { createColors } from 'picocolors';
import { describeError, oneLine, wrap } from '../../demo/terminal/text';

describe('wrap', () => {
  it('breaks between words', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  it('indents continuation lines within the width', () => {
    expect(wrap('12:00:00  one two three four', 24, '          ')).toEqual([
      '12:00:00  one two three',
      '          four',
    ]);
  });

  it('keeps a line that fits as it is', () => {
    expect(wrap('     2  custom/heartbeat', 80)).toEqual(['     2  custom/heartbeat']);
  });

  it('breaks a word that is longer than a line', () => {
    expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
  });

  it('does not count colour codes', () => {
    const { green } = createColors(true);

    expect(wrap(`${green('one')} ${green('two')}`, 7)).toEqual([`${green('one')} ${green('two')}`]);
  });
});

describe('oneLine', () => {
  it('removes line breaks and control codes of a peer, and cuts long texts', () => {
    expect(oneLine('a\n\u001b[31mb\u001b[0m\u0008')).toBe('a b');
    expect(oneLine('x'.repeat(200))).toBe(`${'x'.repeat(160)}…`);
  });
});

describe('describeError', () => {
  it('hides credentials and the query of a URL', () => {
    const error = new Error('connecting to http://ada:secret@host/mcp?token=secret failed');

    expect(describeError(error)).toBe('Error: connecting to http://…@host/mcp?… failed');
  });
});
