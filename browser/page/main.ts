import { cancels } from './cases/cancels';
import { checksOutput } from './cases/checksOutput';
import { connects } from './cases/connects';
import { followsList } from './cases/followsList';
import { hearsNotifications } from './cases/hearsNotifications';
import { namesHiddenSession } from './cases/namesHiddenSession';
import { progressComesFirst } from './cases/progressComesFirst';
import { reconnects } from './cases/reconnects';
import { tellsRoots } from './cases/tellsRoots';
import type { PageCase } from './pageCase';

// The interface between the page and the program that drives it.
declare global {
  var pageCases: Record<string, PageCase>;
  function killServer(): Promise<void>;
  function startServer(): Promise<void>;
}

globalThis.pageCases = {
  connects,
  hearsNotifications,
  progressComesFirst,
  cancels,
  checksOutput,
  tellsRoots,
  followsList,
  reconnects,
  namesHiddenSession,
};
