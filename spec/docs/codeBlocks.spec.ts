import { readFileSync } from 'node:fs';
import { pages } from './pages';
import { problemsIn } from './problemsIn';
import { programsIn } from './programsIn';

/** The known languages of code blocks, so that TypeScript with a different name is not left unchecked. */
const languages = ['ts', 'tsx', 'js', 'vue', 'svelte', 'sh', 'text', 'json', 'jsonc', 'python'];

describe('code blocks in the guides', () => {
  it('have a known language', () => {
    const fences = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/^\s*```(.*)\n[^]*?^\s*```$/gm)].map(([, language]) => ({
        page,
        language,
      })),
    );

    expect(fences.length).toBeGreaterThan(100);
    expect(fences.filter(({ language }) => !languages.includes(language ?? ''))).toEqual([]);
  });

  it('compile', () => {
    const programs = pages.flatMap((page) => programsIn(page));

    expect(programs.length).toBeGreaterThan(10);
    expect(problemsIn(programs)).toEqual([]);
  }, 120_000);

  it('are reported with page and line when they do not compile', () => {
    const page = [
      'Text, and a block that is a program:',
      '```ts',
      "import { ofMethod } from 'rx-mcp';",
      "const one$ = session.notifications$.pipe(ofMethod('custom/one'));",
      '```',
      'then one that goes on with it:',
      '```ts',
      'one$.subscribe(({ method }) => console.log(method.length));',
      'one$.subscribe(({ mehtod }) => console.log(mehtod));',
      '```',
      'one that does not, since it begins its own:',
      '```ts',
      "import { of } from 'rxjs';",
      'of(one$);',
      '```',
      'and what is not TypeScript:',
      '```text',
      'one$ --a--b--|',
      '```',
    ].join('\n');

    const programs = programsIn('docs/page.md', page);

    expect(programs.map(({ line }) => line)).toEqual([3, 13]);
    expect(problemsIn(programs)).toEqual([
      expect.stringMatching(/^docs\/page\.md:9: Property 'mehtod' does not exist/),
      "docs/page.md:14: Cannot find name 'one$'.",
    ]);
  }, 120_000);
});
