import { didYouMean, misspelledName, nearestName } from '../../lib/util/nearestName';

describe('nearestName', () => {
  it.each([
    ['mcpServer', 'mcpServers'],
    ['HEADERS', 'headers'],
    ['comand', 'command'],
    ['urll', 'url'],
    ['serveUrl', 'serverUrl'],
    ['headersList', 'headers'],
  ])('finds the known name that is nearest to %s', (name, expected) => {
    expect(nearestName(name, ['url', 'serverUrl', 'headers', 'command', 'mcpServers'])).toBe(expected);
  });

  it.each(['xyz', '', 'a'.repeat(10_000)])('returns undefined for a name that resembles none of them', (name) => {
    expect(nearestName(name, ['url', 'headers', 'a'.repeat(10_001)])).toBeUndefined();
  });

  it.each([
    ['elicitation/creat', 'elicitation/create'],
    ['elicitaton/create', 'elicitation/create'],
    ['Elicitation/Create', 'elicitation/create'],
    ['sampling/createmessage', 'sampling/createMessage'],
    ['sampling/createMessages', 'sampling/createMessage'],
    ['elicitation/create', undefined],
    ['elicitation/complete', undefined],
    ['sampling/createMessageBatch', undefined],
    ['custom/create', undefined],
  ])('finds the name that %s misspells', (name, expected) => {
    expect(misspelledName(name, ['elicitation/create', 'sampling/createMessage'])).toBe(expected);
  });

  it('formats a suggestion only if there is one', () => {
    expect(didYouMean('tols', ['tools'])).toBe('; did you mean "tools"?');
    expect(didYouMean('tols', ['resources'])).toBe('');
  });
});
