import type { ToolMetadata } from 'xmcp';
import { state } from '../state';

export const metadata: ToolMetadata = { name: 'touch', description: 'touch' };

export default () => `revision ${++state.revision}`;
