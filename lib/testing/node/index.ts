export { recordingFile, type RecordingFile } from './recordingFile';
export { serve, type ServedNetwork } from './serve';
