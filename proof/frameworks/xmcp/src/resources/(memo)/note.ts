import type { ResourceMetadata } from 'xmcp';
import { state } from '../../state';

export const metadata: ResourceMetadata = { name: 'note', mimeType: 'text/plain' };

export default () => `revision ${state.revision}`;
