export { clientOf } from './clientOf';
export { modern, type ModernOptions } from './modern';
