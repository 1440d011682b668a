// Copies the files of examples/packages into the blocks of the pages that show them. `npm run format` runs it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const quote = /^(\[`[^`]+`\]\((\S+)\):\n\n```\w+\n)[^]*?^```$/gm;

for (const name of readdirSync('docs').filter((file) => file.endsWith('.md'))) {
  const page = join('docs', name);
  const text = readFileSync(page, 'utf8');
  const current = text.replaceAll(
    quote,
    (_, head, target) => `${head}${readFileSync(join('docs', target), 'utf8')}\`\`\``,
  );
  if (current !== text) writeFileSync(page, current);
}
