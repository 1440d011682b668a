import { act, render, screen } from '@testing-library/react';
import { Component, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { progress } from 'rx-mcp/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer, type TestServer } from '../startServer';
import { App } from './App';
import { start } from './start';
import { useObservable } from './useObservable';

let server: TestServer;
let stop: () => Promise<void>;

beforeEach(async () => {
  server = await startServer();
  const element = document.body.appendChild(document.createElement('div'));
  stop = await act(async () => start(server.url, element));
  await screen.findByText('connected');
});
afterEach(async () => {
  await act(() => stop());
  await server.sessionEnded();
  await server.stop();
  document.body.replaceChildren();
});

const tools = (): (string | null)[] => screen.getAllByRole('listitem').map(({ textContent }) => textContent);

test('renders the tools, again when the server changes them', async () => {
  await screen.findByText('hello');
  server.tools$.next(['build', 'hello', 'weather']);
  await screen.findByText('weather');

  expect(tools()).toEqual(['build', 'hello', 'weather']);
});

test('requests the list once in strict mode', async () => {
  await screen.findByText('hello');

  expect(server.net.received('tools/list')).toHaveLength(1);
});

test('shows an outage and the tools of the restarted server', async () => {
  await screen.findByText('hello');
  server.net.down();
  await screen.findByText(/^reconnecting: /, {}, { timeout: 5_000 });
  await server.restart(['deploy']);
  await screen.findByText('deploy', {}, { timeout: 20_000 });

  expect(tools()).toEqual(['deploy']);
  screen.getByText('connected');
});

test('renders progress, then the result', async () => {
  await screen.findByText('hello');
  screen.getByText('build', { selector: 'button' }).click();
  await server.build('started');
  server.build$.next(progress(1, 3));
  await screen.findByText('1 of 3');
  server.build$.next('built');
  server.build$.complete();
  await screen.findByText('result');
});

test('cancels the call on the server when the component unmounts', async () => {
  await screen.findByText('hello');
  screen.getByText('build', { selector: 'button' }).click();
  await server.build('started');
  screen.getByText('toggle').click();
  await server.build('cancelled');
});

test('throws an error of the stream to the next error boundary', async () => {
  class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
    override state: { error?: Error } = {};
    static getDerivedStateFromError = (error: Error) => ({ error });
    override render = () => (this.state.error ? <p>{this.state.error.name}</p> : this.props.children);
  }
  const session = new MCPSession(new HttpConnector(server.url));
  await session.connect();
  const Note = () => <p>{useObservable(session.resource$('memo://missing'), []).length}</p>;
  render(
    <Boundary>
      <Note />
    </Boundary>,
    { onCaughtError: () => undefined },
  );
  await screen.findByText('ServerError');
  await session.disconnect();
});

test('renders on a server without a connection', async () => {
  const session = new MCPSession(new HttpConnector(server.url));

  expect(renderToString(<App session={session} />)).toContain('<p>idle</p>');
  await session.disconnect();
});
