// Read when the package is loaded.
process.env.MCP_USE_ANONYMIZED_TELEMETRY = 'false';
const { MCPClient } = await import('mcp-use/client');

async function open(server, handlers) {
  const client = new MCPClient({ mcpServers: { bench: server } });
  const session = await client.createSession('bench');
  session.on('notification', (notification) => handlers[notification.method]?.(notification));
  return { close: () => client.closeAllSessions() };
}

/** mcp-use, version 1. It takes handlers only after connecting, so a flood at startup cannot be measured. */
export const mcpUse = { http: (url, handlers) => open({ url }, handlers) };
