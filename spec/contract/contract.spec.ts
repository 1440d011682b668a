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

  for (const { name, keep, instead } of contractPromises) {
    const exception = instead?.(cell);
    // The title contains the reason, because the table in docs/protocol-eras.md is generated from the titles.
    if (exception) it(`${name} | ${exception.reason}`, () => exception.keep(session, cell));
    else it(name, () => keep(session, cell));
  }
});
