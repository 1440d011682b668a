/** The version of this library. */
export const version = '0.1.0';

/** The description of the client that is sent to servers by default. */
export const defaultClientInfo = { name: 'rx-mcp', version };
