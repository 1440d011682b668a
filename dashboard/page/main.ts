import { MCPClient } from 'rx-mcp';
import { BehaviorSubject, fromEvent, Subject } from 'rxjs';
import type { Player } from '../model/player';
import { announcer } from '../view/announcer';
import type { Board } from '../view/board';
import { callForm } from '../view/callForm';
import { callList } from '../view/callList';
import { feedPanel } from '../view/feedPanel';
import { playerBar } from '../view/playerBar';
import { recordedPanels } from '../view/recordedPanels';
import { recordingFiles } from '../view/recordingFiles';
import { rootsEditor } from '../view/rootsEditor';
import { serverCards } from '../view/serverCards';
import { shortcuts } from '../view/shortcuts';
import { summary } from '../view/summary';
import { targets } from '../view/targets';
import { timelineLanes } from '../view/timelineLanes';
import { toolList } from '../view/toolList';
import { troubleList } from '../view/troubleList';

const response = await fetch('/servers.json');
const servers = (await response.json()) as readonly { name: string; url: string }[];

const roots = [{ uri: 'file:///workspace', name: 'Workspace' }];
const reconnect = { initialDelay: 500, maxDelay: 4_000 };
const client = new MCPClient({
  mcpServers: Object.fromEntries(servers.map(({ name, url }) => [name, { url, roots, reconnect }])),
});
const board: Board = {
  client,
  // Create all sessions before connecting, so that the panels subscribe first and miss nothing.
  sessions: new Map(servers.map(({ name }) => [name, client.session(name)])),
  chosen$: new BehaviorSubject(servers[0]?.name ?? ''),
  calls$: new Subject(),
  draft$: new Subject(),
  player$: new BehaviorSubject<Player | undefined>(undefined),
};

for (const panel of [
  serverCards,
  timelineLanes,
  feedPanel,
  callList,
  callForm,
  toolList,
  rootsEditor,
  troubleList,
  targets,
  summary,
  announcer,
  shortcuts,
  recordingFiles,
  playerBar,
  recordedPanels,
]) {
  panel(board);
}

// `status$` and `errors$` report the failure.
for (const session of board.sessions.values()) session.connect({ retry: true }).catch(() => undefined);

fromEvent(window, 'pagehide').subscribe(() => void client.closeAllSessions());
// The sessions of a page that the browser restores from its cache have ended.
fromEvent<PageTransitionEvent>(window, 'pageshow').subscribe(({ persisted }) => {
  if (persisted) location.reload();
});
