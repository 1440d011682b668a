import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed, rootDir, scratchDir } from './environment';
import { runProcess, succeeded } from './processes';

/** Versions of the peer dependencies; each has a project in `fixtures/`. */
export const peers = {
  oldest: 'zod 3.25, SDK 1.26, RxJS 7.4.0',
  newest: 'zod 4, SDK 1.32 and 2.4, RxJS 7.8.2',
};

/** Builds and packs the package in a temporary directory, not in `dist`. Resolves with the path of the tarball. */
export async function pack(): Promise<string> {
  const dir = scratchDir();
  for (const file of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE']) {
    if (existsSync(join(rootDir, file))) copyFileSync(join(rootDir, file), join(dir, file));
  }
  await succeeded('npm', ['run', 'build', '--silent', '--', '--configOut', join(dir, 'dist')], rootDir);
  // The scripts generate texts of the package from pages that are not copied.
  await succeeded('npm', ['pack', '--silent', '--ignore-scripts'], dir);
  const { name, version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Record<string, string>;
  return join(dir, `${name!}-${version!}.tgz`);
}

/** Installs a tarball in the project with these peers. Resolves with the directory of the project. */
export async function installFixture(age: keyof typeof peers, tarball: string): Promise<string> {
  const dir = fileURLToPath(new URL(`../fixtures/${age}`, import.meta.url));
  await installed(dir);
  rmSync(join(dir, 'node_modules', 'rx-mcp'), { recursive: true, force: true });
  await succeeded('npm', ['install', '--no-save', '--no-audit', '--no-fund', tarball], dir);
  return dir;
}

/** Options for {@link compile}. */
export interface CompileOptions {
  /** Directory where the package is installed. */
  readonly fixture: string;
  /** Whether the peer of `rx-mcp/modern` is installed. */
  readonly hasModern: boolean;
  /** Directory for the project and its output. */
  readonly dir: string;
  readonly typescript: 5 | 6;
  readonly format: 'module' | 'commonjs';
  readonly moduleResolution: 'node16' | 'bundler';
}

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));

/**
 * An error in the SDK's own CommonJS declarations: one file imports a module that exists as an ES module only. Users avoid it
 * with `skipLibCheck`, which is off here.
 */
const notOurs = /@modelcontextprotocol\/sdk\/dist\/cjs\/validation\/types\.d\.ts\(\d+,\d+\): error TS1541:/;

/** Whether the package of RxJS names its types. Versions before 7.5.5 do not, so users set `paths`, as docs/versions.md says. */
function hasExportedTypes(fixture: string): boolean {
  const text = readFileSync(join(fixture, 'node_modules', 'rxjs', 'package.json'), 'utf8');
  const { exports } = JSON.parse(text) as { exports: Record<string, Record<string, unknown>> };
  return exports['.']?.['types'] !== undefined;
}

/** Compiles the consumers and checks every declaration file. Resolves with the compiled file; rejects with the errors. */
export async function compile(options: CompileOptions): Promise<string> {
  const { fixture, hasModern, dir, typescript, format, moduleResolution } = options;
  const files = hasModern ? ['consumer.ts', 'modernConsumer.ts'] : ['consumer.ts'];
  mkdirSync(dir, { recursive: true });
  symlinkSync(join(fixture, 'node_modules'), join(dir, 'node_modules'));
  for (const file of files) copyFileSync(join(fixtures, file), join(dir, file));
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ type: format }));
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
    types: ['node'],
    module: moduleResolution === 'node16' ? 'node16' : 'esnext',
    moduleResolution,
    rootDir: '.',
    outDir: 'out',
    ...(!hasExportedTypes(fixture) && { paths: { rxjs: ['./node_modules/rxjs/dist/types/index.d.ts'] } }),
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(fixture, 'node_modules', `typescript-${typescript}`, 'bin', 'tsc');
  const { code, output } = await runProcess(process.execPath, [tsc, '--pretty', 'false'], { cwd: dir, seconds: 170 });
  const errors = output.split('\n').filter((line) => / error TS\d+:/.test(line) && !notOurs.test(line));
  const isUnexplained = code !== 0 && errors.length === 0 && !notOurs.test(output);
  if (errors.length > 0 || isUnexplained) throw new Error(errors.join('\n') || output);
  return join(dir, 'out', 'consumer.js');
}
