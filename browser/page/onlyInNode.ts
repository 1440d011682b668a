// Not for a browser: that its bundle needs Node has to be seen.
export { StdioConnector } from 'rx-mcp/stdio';
