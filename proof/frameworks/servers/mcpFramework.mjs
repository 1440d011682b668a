// mcp-framework, over its HTTP stream transport.
import { MCPResource, MCPServer, MCPTool } from 'mcp-framework';
import { info, note, port, steps, total, touch, uri, wait, waiting } from './common.mjs';

/** Creates a tool class that calls `run` with its instance, whose methods send progress, logs and requests. */
function toolClass(name, run) {
  return class extends MCPTool {
    name = name;
    description = name;
    schema = {};
    useStringify = false;
    execute() {
      return run(this);
    }
  };
}
class Note extends MCPResource {
  uri = uri;
  name = 'note';
  async read() {
    return [{ uri, text: note() }];
  }
  async subscribe() {}
  async unsubscribe() {}
}

const server = new MCPServer({
  ...info,
  basePath: import.meta.dirname,
  logging: true,
  transport: { type: 'http-stream', options: { port, host: '127.0.0.1' } },
});
server.addResource(Note);
const tools = {
  work: async (tool) => {
    for await (const step of steps()) await tool.reportProgress(step, total);
    return 'done';
  },
  touch: async () => {
    touch();
    return note();
  },
  log: async (tool) => {
    await tool.log('warning', 'careful');
    return 'logged';
  },
  roots: async (tool) => JSON.stringify(await tool.getRoots()),
  ask: async (tool) => {
    const { content } = await tool.elicit('Your name?', { name: { type: 'string' } });
    return String(content?.name);
  },
  wait: (tool) => wait(tool.abortSignal),
  waiting: async () => waiting(),
};
for (const [name, run] of Object.entries(tools)) server.addTool(toolClass(name, run));
await server.start();
