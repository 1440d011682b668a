import type { Client } from '@modelcontextprotocol/client';
import type { Connection } from '../client/connection/connection';

/** The SDK's client behind each connection of the modern era. */
export const clients = new WeakMap<Connection, Client>();
