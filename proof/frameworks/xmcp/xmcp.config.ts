import type { XmcpConfig } from 'xmcp';

const config: XmcpConfig = { http: true, paths: { prompts: false } };

export default config;
