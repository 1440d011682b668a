/** How `server-everything` is reached. */
export type Transport = 'stdio' | 'streamableHttp' | 'sse';
