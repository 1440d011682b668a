import type { Tool } from 'rx-mcp';

/** Returns initial arguments for a tool: its defaults, and values of the right type for required members. */
export function sampleArguments({ properties = {}, required = [] }: Tool['inputSchema']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const value = sampleOf(schema, name);
      return value !== undefined && (required.includes(name) || 'default' in schema) ? [[name, value]] : [];
    }),
  );
}

function sampleOf(schema: object, name: string): unknown {
  if ('default' in schema) return schema.default;
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum[0];
  switch ('type' in schema ? schema.type : undefined) {
    case 'string':
      return name;
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return null;
  }
}
