export { recordingFile, type RecordingFile } from './recordingFile';
