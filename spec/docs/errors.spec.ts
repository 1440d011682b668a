import { readFileSync } from 'node:fs';
import * as rxMcp from 'rx-mcp';

const options = { issues: [], notification: undefined, timeout: 1, code: 1 };
const errors = Object.entries(rxMcp)
  .filter(([name]) => name.endsWith('Error') && name !== 'MCPError')
  .map(([name, value]) => ({ name, error: new (value as typeof rxMcp.ServerError)('', options) }));
const page = readFileSync('docs/errors.md', 'utf8');
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, name]) => /^`\w+Error`$/.test(name ?? ''));
const numbers = ['ten', 'eleven', 'twelve', 'thirteen', 'fourteen'];

describe('docs/errors.md', () => {
  it('lists every error and their number', () => {
    const listed = new Set(rows.map(([, name]) => name));

    expect([...listed].sort()).toEqual(errors.map(({ name }) => `\`${name}\``).sort());
    expect(page).toContain(`one of ${numbers[errors.length - 10]} typed errors`);
  });

  it.each(errors)('states whether $name is retryable', ({ name, error }) => {
    const cells = rows.filter(([, listed]) => listed === `\`${name}\``).map(([, , , , retryable]) => retryable);

    expect(cells).not.toEqual([]);
    for (const retryable of cells) expect(retryable).toMatch(rxMcp.isRetryable(error) ? /^yes/ : /^no$/);
  });
});
