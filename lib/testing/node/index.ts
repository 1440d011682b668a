/**
 * Tests over real sockets, and recordings in files. Requires Node.
 *
 * @module rx-mcp/testing/node
 */
export { recordingFile, type RecordingFile } from './recordingFile';
export { serve, type ServedNetwork } from './serve';
