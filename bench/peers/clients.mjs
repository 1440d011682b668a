/** The compared clients, by name. Each entry loads its own packages, so that a process loads only the client that it measures. */
const clients = {
  bare: async () => (await import('./bare.mjs')).bare,
  bareSession: async () => (await import('./bare.mjs')).bareSession,
  rxMcp: () => rxMcp('rx-mcp'),
  rxMcpWithoutWire: () => rxMcp('rx-mcp-without-wire'),
  rawSdk,
  sdkV2,
  mcpUse,
};

/** Loads a client. */
export function loadPeer(name) {
  return clients[name]();
}

const info = { name: 'bench', version: '1.0.0' };
const options = { capabilities: { roots: { listChanged: true } } };

/** This library, used as in its guide. */
async function rxMcp(library) {
  const { filter, firstValueFrom } = await import('rxjs');
  const { HttpConnector, MCPSession, ofMethod, resourceUpdated, TransportConnector } = await import(library);
  const { StdioConnector } = await import(`${library}/stdio`);

  async function open(connector, handlers) {
    const session = new MCPSession(connector);
    for (const [method, handler] of Object.entries(handlers)) {
      session.notifications$.pipe(ofMethod(method)).subscribe(handler);
    }
    await session.connect();
    return {
      call: (name, onProgress) =>
        new Promise((resolve, reject) => {
          session
            .callTool$(name)
            .pipe(filter(({ kind }) => kind === 'progress'))
            .subscribe({ next: onProgress, error: reject, complete: resolve });
        }),
      close: () => session.disconnect(),
    };
  }

  /** Watches a resource with protocol 2026-07-28. Loads the engine here, because the other workloads do not need it. */
  async function listen(url, uri, handler) {
    const { modern } = await import('rx-mcp/modern');
    const session = new MCPSession(new HttpConnector(url, { engine: modern({ negotiation: 'modern' }) }));
    session.notifications$.pipe(resourceUpdated(uri)).subscribe(handler);
    await session.connect();
    await firstValueFrom(session.status$.pipe(filter(({ listening }) => listening)));
    return { close: () => session.disconnect() };
  }

  return {
    http: (url, handlers, connectorOptions) => open(new HttpConnector(url, connectorOptions), handlers),
    stdio: (command, args, handlers) => open(new StdioConnector({ command, args }), handlers),
    transport: (transport, handlers) => open(new TransportConnector(() => transport), handlers),
    listen,
  };
}

/** The official SDK, version 1, alone. */
async function rawSdk() {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const { z } = await import('zod');
  const schemas = new Map();

  /** Returns the loosest schema that the SDK accepts. Created once per method, because schemas are not measured. */
  function schemaOf(method) {
    if (!schemas.has(method)) schemas.set(method, z.looseObject({ method: z.literal(method) }));
    return schemas.get(method);
  }

  async function open(transport, handlers) {
    const client = new Client(info, options);
    for (const [method, handler] of Object.entries(handlers)) client.setNotificationHandler(schemaOf(method), handler);
    await client.connect(transport);
    return {
      call: (name, onProgress) => client.callTool({ name, arguments: {} }, undefined, { onprogress: onProgress }),
      close: () => client.close(),
    };
  }

  return {
    http: (url, handlers) => open(new StreamableHTTPClientTransport(new URL(url)), handlers),
    stdio: (command, args, handlers) => open(new StdioClientTransport({ command, args }), handlers),
    transport: open,
  };
}

/** The official SDK, version 2, alone. */
async function sdkV2() {
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
  const { z } = await import('zod');
  const params = z.looseObject({});

  async function open(transport, handlers) {
    const client = new Client(info, options);
    for (const [method, handler] of Object.entries(handlers)) {
      if (method.startsWith('notifications/')) client.setNotificationHandler(method, handler);
      else client.setNotificationHandler(method, { params }, (value) => handler({ method, params: value }));
    }
    await client.connect(transport);
    return {
      call: (name, onProgress) => client.callTool({ name, arguments: {} }, { onprogress: onProgress }),
      close: () => client.close(),
    };
  }

  /** Subscribes to a resource with protocol 2026-07-28. */
  async function listen(url, uri, handler) {
    const client = new Client(info, { versionNegotiation: { mode: 'auto' } });
    client.setNotificationHandler('notifications/resources/updated', handler);
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    await client.listen({ resourceSubscriptions: [uri] });
    return { close: () => client.close() };
  }

  return {
    http: (url, handlers) => open(new StreamableHTTPClientTransport(new URL(url)), handlers),
    stdio: (command, args, handlers) => open(new StdioClientTransport({ command, args }), handlers),
    transport: open,
    listen,
  };
}

/** mcp-use, version 1. It takes handlers only after connecting, so a flood at startup cannot be measured. */
async function mcpUse() {
  // Read when the package is loaded.
  process.env.MCP_USE_ANONYMIZED_TELEMETRY = 'false';
  const { MCPClient } = await import('mcp-use/client');

  return {
    async http(url, handlers) {
      const client = new MCPClient({ mcpServers: { bench: { url } } });
      const session = await client.createSession('bench');
      session.on('notification', (notification) => handlers[notification.method]?.(notification));
      return { close: () => client.closeAllSessions() };
    },
  };
}
