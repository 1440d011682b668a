import type { MCPError } from '../errors';
import type { Gap } from '../notification/hub';
import type { Notification, Prompt, Resource, Tool } from '../protocol/types';

/** A notification and its server. */
export interface ServerNotificationEvent {
  /** The name of the server. */
  server: string;
  /** The notification, unmodified. */
  notification: Notification;
}

/** An error of {@link MCPClient.errors$} and its server. */
export interface ServerErrorEvent {
  /** The name of the server. */
  server: string;
  /** The error, as emitted on the session's `errors$`. */
  error: MCPError;
}

/** A gap and its server. */
export interface ServerGapEvent {
  /** The name of the server. */
  server: string;
  /** The gap, as emitted on the session's `gaps$`. */
  gap: Gap;
}

/** A tool and its server. */
export interface ServerTool {
  /** The name of the server. */
  server: string;
  /** The tool, as listed by the server. */
  tool: Tool;
}

/** A prompt and its server. */
export interface ServerPrompt {
  /** The name of the server. */
  server: string;
  /** The prompt, as listed by the server. */
  prompt: Prompt;
}

/** A resource and its server. */
export interface ServerResource {
  /** The name of the server. */
  server: string;
  /** The resource, as listed by the server. */
  resource: Resource;
}
