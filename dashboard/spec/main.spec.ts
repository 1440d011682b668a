import { type Program, runProgram } from '../../spec/rig/runProgram';

describe('npm run dashboard', () => {
  let program: Program;

  afterEach(() => program.stop());

  it('serves the page and its servers to that page only, and leaves nothing running', async () => {
    program = runProgram(process.execPath, '--import', 'tsx', 'dashboard/main.ts');
    const origin = /http:\S+/.exec(await program.line('The dashboard is at'))![0];
    const workshop = /http:\S+/.exec(await program.line('workshop'))![0];
    const control = `${origin}/servers/workshop/kill`;
    const from = (page: string) => ({ method: 'POST', headers: { origin: page } });

    const page = await fetch(origin);
    expect(await page.text()).toContain('<title>rx-mcp dashboard</title>');
    expect(page.headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'");
    expect(await (await fetch(`${origin}/servers.json`)).json()).toHaveLength(2);
    for (const each of [from('http://127.0.0.1:1'), { method: 'POST' }]) {
      expect((await fetch(control, each)).status).toBe(403);
    }
    expect((await fetch(control)).status).toBe(404);
    expect((await fetch(`${origin}/../main.ts`)).status).toBe(404);

    expect((await fetch(control, from(origin))).status).toBe(204);
    await expect(fetch(workshop)).rejects.toThrow();
    expect((await fetch(`${origin}/servers/workshop/start`, from(origin))).status).toBe(204);
    expect((await fetch(workshop)).status).toBe(400);

    program.interrupt();
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
    for (const url of [origin, workshop]) await expect(fetch(url)).rejects.toThrow();
  });
});
