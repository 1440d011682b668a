import { readdirSync, readFileSync } from 'node:fs';
import { type RunningExampleServer, startExampleServer } from '../rig/startExampleServer';
import { runTypeScript } from './runTypeScript';

const files = readdirSync('examples/live');

describe('the examples of live views and calls', () => {
  let server: RunningExampleServer;

  beforeAll(async () => {
    server = await startExampleServer();
  });
  afterAll(() => server.stop());

  it.each<[name: string, lines: string[]]>([
    ['batchedUpdates', ['1000 ticks, sum 500500', 'drawn a few times']],
    ['cancellableCall', ['step 1', 'step 2', 'step 3', 'cancelled', 'tools/call: no result in 200 ms']],
    ['resource', [0, 1, 2].map((times) => `memo://counter, touched ${times} times`)],
    ['toolsDiff', ['13 tools', 'added weather', 'removed weather']],
  ])('%s does what it says', async (name, expected) => {
    const { code, lines, stderr } = await runTypeScript(`examples/live/${name}.ts`, server.url).ended;

    expect({ code, lines, stderr }).toEqual({ code: 0, lines: expected, stderr: '' });
  });

  it('elicitation does what it says', async () => {
    const { code, lines } = await runTypeScript('examples/live/elicitation.ts').ended;

    expect({ code, lines }).toEqual({
      code: 0,
      lines: [
        'asked: Please provide inputs for the following fields:',
        'the form is closed',
        'User inputs:',
        '- Name: Ada',
      ],
    });
  });

  it('are all run here, and none is longer than forty lines', () => {
    expect(files).toEqual(['batchedUpdates.ts', 'cancellableCall.ts', 'elicitation.ts', 'resource.ts', 'toolsDiff.ts']);
    for (const file of files) {
      expect(readFileSync(`examples/live/${file}`, 'utf8').split('\n').length).toBeLessThanOrEqual(40);
    }
  });
});
