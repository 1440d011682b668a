import type { ToolMetadata } from 'xmcp';
import { state } from '../state';

export const metadata: ToolMetadata = { name: 'waiting', description: 'waiting' };

export default () => JSON.stringify(state);
