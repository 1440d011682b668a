import assert from 'node:assert/strict';
import { logMessage } from 'rx-mcp';
import { filter, firstValueFrom, map, take, toArray } from 'rxjs';
import { isQuick } from '../harness/options';
import type { Emission } from './emission';

/** When it is switched on: at once, then every five seconds, at a level that is drawn. */
const wanted = isQuick ? 1 : 2;

/** See {@link wanted}. */
export const logMessages: Emission = {
  name: 'message',
  async see(session) {
    await session.connect();
    await session.setLoggingLevel('debug');
    const messages = firstValueFrom(
      session.notifications$.pipe(
        logMessage('debug'),
        map(({ params }) => params),
        filter(({ data }) => /level[ -]message/.test(String(data))),
        take(wanted),
        toArray(),
      ),
    );
    await session.callTool('toggle-simulated-logging');
    for (const { level, data } of await messages) {
      assert.match(String(data).toLowerCase(), new RegExp(`^${level}[ -]`));
    }
    return `${wanted}, each of the level that it says`;
  },
};
