export { clientOf } from './modernClient';
export { modern, type ModernOptions } from './modern';
