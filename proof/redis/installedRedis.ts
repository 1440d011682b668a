import { NothingChecked, type ProofCase } from '../harness/judge';
import { runProcess } from '../harness/runProcess';

const here = { cwd: '.', seconds: 300 };

/** Installs Debian's `redis-server` when there is none. Returns a case that says why, when that is not possible. */
export async function installedRedis(): Promise<ProofCase | undefined> {
  const isThere = async (): Promise<boolean> => (await runProcess('redis-server', ['--version'], here)).code === 0;
  if (await isThere()) return undefined;
  console.log('installing redis-server, this once');
  await runProcess('apt-get', ['update'], here);
  // The package would start a server of its own on the usual port: this policy forbids that for the one command.
  const { output } = await runProcess(
    'sh',
    ['-c', 'RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server'],
    here,
  );
  if (await isThere()) return undefined;
  return {
    name: 'skipped',
    seconds: 1,
    run: () =>
      Promise.reject(new NothingChecked(`no redis-server, and apt-get could not install it: ${lastLine(output)}`)),
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
