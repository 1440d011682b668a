/**
 * Servers whose tools, lists and resources are Observables. Requires the package `@modelcontextprotocol/server`.
 *
 * @module rx-mcp/server
 */
export { MCPServer } from './mcpServer';
export type { NotifyTarget } from './notifyTarget';
export type { ServerStatus } from './serverStatus';
export { ConnectionLostError, ServerError, SessionClosedError } from '../errors';
export type { MCPServerOptions, ServerCapabilities } from './serverOptions';
export { toNodeHandler, type NodeHandler, type NodeRequest, type NodeResponse } from './nodeHandler';
export type { FetchOptions } from './httpEndpoint';
export { log, notification, progress, type CallOutput, type MessageOutput } from './callOutput';
export { toolsOf, type ToolSource, type ToolSources } from './toolsOf';
export { tool, type ToolDefinition, type ToolOptions, type ToolOutput } from './tool';
export { prompt, type PromptDefinition, type PromptOptions } from './prompt';
export { resource, type Contents, type ResourceDefinition, type ResourceOptions, type Variables } from './resource';
export type { CallContext, SampleParams } from './callContext';
export type { SampleResult } from './clientAnswers';
export type { ElicitAnswer, ElicitParams } from './elicitation';
export type { AuthInfo, Caller } from './caller';
export type { ListSource } from './list';
export type { ServerCall } from './calls';
export type { Completer, CompleterOutput } from './completion';
export type { ServerHandler } from './requestHandlers';
export type { ServerTransport } from './transportEndpoint';
export type { ServerSession, SessionEnd } from './serverSession';
export type { JsonSchema, Schema } from './schema';
export type { Backplane, BackplaneStatus, LogEntry } from './backplane';
export { memoryBackplane, type MemoryBackplaneOptions } from './memoryBackplane';
