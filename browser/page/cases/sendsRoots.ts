import { ofMethod } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

const before = [{ uri: 'file:///before', name: 'Before' }];
const after = [{ uri: 'file:///after', name: 'After' }];

/** The server reads the roots on request, and again after a change. */
export const sendsRoots: PageCase = ({ url }) =>
  withSession(
    url,
    async (session) => {
      await session.connect();
      await firstValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat')));
      const first = await session.callTool('read_roots');
      check('the roots at first', first.structuredContent, { roots: before });

      const read = firstValueFrom(session.notifications$.pipe(ofMethod('custom/roots-read')));
      session.roots$.next(after);
      check('the roots after a change', (await read).params, { roots: after });
      return 'on request, and after a change';
    },
    before,
  );
