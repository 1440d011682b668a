import type { RecordedEvent } from '../../lib/testing/recording/format';
import { type OpenedRecording, openRecording } from '../model/openedRecording';

/** A recording with a header and events, as it is opened from its file. */
export function recordingOf(...events: readonly RecordedEvent[]): OpenedRecording {
  const lines = [{ 'mcp-recording': 1, server: 'files', protocolVersion: '2025-11-25', by: 'a spec' }, ...events];
  return openRecording('a.mcp.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
}
