// The code for the output of tools, loaded with the first output schema or the first `output` option.
export { assertValidOutput } from '../rpc/outputValidation';
export { parseOutput } from '../session/toolOutput';
