// What the root entry weighs more for having engines: `node scripts/engineSize.mjs`. It is bundled as it is, and again with
// all that only engines need taken out of the sources: the option, and the account of what is subscribed to.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** By file: what is taken out, and what is put in its place. */
const cuts = {
  'client/connector/httpConnector.ts': [[/options\.engine\?\.\(.*\) \?\? /, '']],
  'client/connector/transportConnector.ts': [[/options\.engine\?\.\(.*\) \?\? /, '']],
  'client/mcpClient.ts': [[/\{ engine: this\.#options\.engine, \.\.\.config \}/, 'config']],
  'notification/routes.ts': [
    [/this\.#changed\?\.\(\);/g, ''],
    [/readonly #changed: .*/, ''],
    [/constructor\(changed[^]*?\n {2}\}/, ''],
    [/keys\(\): K\[\] \{[^]*?\n {2}\}/, ''],
  ],
  'notification/hub.ts': [
    [/const demanded\$ = .*/, ''],
    [/const demanded = .*/, ''],
    [/new Routes<string, Notification>\(demanded\)/, 'new Routes<string, Notification>()'],
    [/new Routes<string, ResourceUpdated>\(demanded\)/, 'new Routes<string, ResourceUpdated>()'],
    [/const levels = .*/, ''],
    [/const demand: Demand = \{[^]*?\n {2}\};/, ''],
    [/notifications\$: new Observable\(\(subscriber\) => \{[^]*?\n {4}\}\),/, 'notifications$: all$.asObservable(),'],
    [/ofLevel: .*/, "ofLevel: () => ofMethod('notifications/message'),"],
    [/demand\$: defer\(\(\) =>[^]*?\n {4}\),/, ''],
    [/, levels\]/, ']'],
    [/demanded\$\.complete\(\);/, ''],
  ],
};

const cut = {
  name: 'without engines',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [from, to] of cuts[path.slice(`${root}lib/`.length)] ?? []) {
        if (!from.test(contents)) throw new Error(`${path}: there is no ${from}`);
        contents = contents.replace(from, to);
      }
      return { contents, loader: 'ts' };
    });
  },
};

async function weigh(plugins) {
  const { outputFiles } = await build({
    entryPoints: [`${root}lib/index.ts`],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    packages: 'external',
    alias: { '#platform': `${root}lib/client/config/platform/browser.ts` },
    tsconfigRaw: {},
    plugins,
  });
  const [{ contents }] = outputFiles;
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}

const [whole, without] = [await weigh([]), await weigh([cut])];
console.table({
  whole,
  without,
  engines: { minified: whole.minified - without.minified, gzipped: whole.gzipped - without.gzipped },
});
