import type { RecordedEvent } from '../../lib/testing/recording/format';
import { type OpenedRecording, openRecording } from '../model/openedRecording';

/** Returns a recording with a header and events. */
export function recordingOf(...events: readonly RecordedEvent[]): OpenedRecording {
  const lines = [{ 'mcp-recording': 1, server: 'files', protocolVersion: '2025-11-25', by: 'a spec' }, ...events];
  return openRecording('a.mcp.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
}
