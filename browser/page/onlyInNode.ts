// For Node only: the bundle of this file must report its Node built-ins.
export { StdioConnector } from 'rx-mcp/stdio';
