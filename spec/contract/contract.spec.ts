import { type Connector, MCPSession } from 'rx-mcp';
import { cells } from './cells';
import { contractPromises } from './contractPromises';

describe.each(cells)('$server | $transport | $engine engine', (cell) => {
  let connector: Connector;
  let stop: () => Promise<void>;
  let session: MCPSession;

  beforeAll(async () => {
    ({ connector, stop } = await cell.start());
  });
  beforeEach(async () => {
    session = new MCPSession(connector);
    await session.connect();
  });
  afterEach(() => session.disconnect());
  afterAll(() => stop());

  for (const { name, whyNot, keep } of contractPromises) {
    const reason = whyNot?.(cell);
    if (reason === undefined) it(name, () => keep(session, cell));
    else it.skip(`${name} | ${reason}`, () => keep(session, cell));
  }
});
