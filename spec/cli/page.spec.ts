import { readFileSync } from 'node:fs';
import { commands } from '../../lib/cli/commands';
import { helpOf } from '../../lib/cli/help';

const page = readFileSync('docs/cli.md', 'utf8');

describe('docs/cli.md', () => {
  it('has the overview that "rx-mcp help" prints', () => {
    expect(page).toContain(`\`\`\`text\n${helpOf()}\n\`\`\``);
  });

  it.each(commands.map((command) => [command.name, command] as const))('has the help of %s', (name, command) => {
    expect(page).toContain(`## rx-mcp ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``);
  });

  it('describes existing commands only', () => {
    expect([...page.matchAll(/^## rx-mcp (\w+)$/gm)].map(([, name]) => name)).toEqual(commands.map(({ name }) => name));
  });
});
