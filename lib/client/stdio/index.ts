export type { StdioServer } from './stdioServer';
export { StdioConnector } from './stdioConnector';
