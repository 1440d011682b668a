export type { StdioServer } from './childTransport';
export { StdioConnector } from './stdioConnector';
