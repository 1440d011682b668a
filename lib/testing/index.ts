export { recording, type RecordingOptions } from './recording/recording';
export { replaying, type ReplayingOptions } from './recording/replaying';
export { virtualTime, type VirtualTime } from './virtualTime';
export type { Watched } from './watched';
